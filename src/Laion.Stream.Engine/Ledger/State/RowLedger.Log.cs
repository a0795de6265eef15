using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Ledger.State;

internal sealed partial class RowLedger
{
    private static partial class Log
    {
        [LoggerMessage(2000, LogLevel.Warning,
            "Input file {File} has {Read} rows now and had {Known} in an earlier session: the file has shrunk; outcomes of earlier sessions are kept.")]
        public static partial void InputShrank(ILogger logger, int file, long read, long known);
    }
}
