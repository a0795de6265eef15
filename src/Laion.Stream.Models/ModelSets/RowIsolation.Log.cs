using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

internal sealed partial class RowIsolation
{
    private static partial class Log
    {
        [LoggerMessage(1710, LogLevel.Debug, "A batch of {Rows} rows failed on {Device} and is split in half: {Cause}")]
        public static partial void BatchFailed(ILogger log, string device, int rows, string cause);

        [LoggerMessage(1711, LogLevel.Warning, "A row failed alone on {Device} and is dropped: {Cause}")]
        public static partial void RowFailed(ILogger log, string device, string cause);
    }
}
