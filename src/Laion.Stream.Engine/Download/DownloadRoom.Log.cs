using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Download;

internal sealed partial class DownloadRoom
{
    private static partial class Log
    {
        [LoggerMessage(1300, LogLevel.Information, "Downloads: {Concurrency} at once, {Timeout} a URL, resolvers {Resolvers}.")]
        public static partial void Opened(ILogger log, string concurrency, TimeSpan timeout, string resolvers);

        [LoggerMessage(1301, LogLevel.Warning, "Laion:Download:UserAgent names no contact. Site owners should be able to reach you: set it to 'name/version (+https://your.page)'.")]
        public static partial void NoContact(ILogger log);
    }
}
