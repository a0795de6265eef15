using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Download.BlockLists;

internal sealed partial class HashBlockList
{
    private static partial class Log
    {
        [LoggerMessage(1320, LogLevel.Information, "Block lists hold {Bytes} digests of pictures and {Urls} of URLs.")]
        public static partial void Loaded(ILogger log, int bytes, int urls);

        [LoggerMessage(1321, LogLevel.Warning, "Block lists have {Lines} lines that are not digests; they block nothing.")]
        public static partial void Malformed(ILogger log, int lines);

        [LoggerMessage(1322, LogLevel.Warning, "A block list could not be read again; the old one stays in use.")]
        public static partial void NotReadable(ILogger log, Exception error);
    }
}
