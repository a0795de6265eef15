using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs.Warc;

internal sealed partial class WarcReader
{
    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Warning, "Record {Record} of input file {File} holds a page that the HTML parser fails on; its links are skipped")]
        public static partial void PageUnreadable(ILogger logger, long record, int file, Exception cause);
    }
}
