using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Removal;

internal sealed partial class OutputRemoval
{
    private static partial class Log
    {
        [LoggerMessage(1900, LogLevel.Information, "{Rows} rows removed from {Path}, by {List}.")]
        public static partial void Removed(ILogger log, long rows, string path, string list);
    }
}
