using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Download;

internal sealed partial class DownloadModule
{
    private static partial class Log
    {
        [LoggerMessage(1300, LogLevel.Information, "Downloads: {Concurrency} concurrent, {Timeout} per URL, resolvers {Resolvers}.")]
        public static partial void DownloadsBegin(ILogger log, object concurrency, TimeSpan timeout, string resolvers);

        [LoggerMessage(1302, LogLevel.Information,
            "Downloads: {Fetched} fetched ({Success:P1}), {MegaBytes} MB; limit {Limit}, {Active} in progress, {Stalled} stalled, {Waiting} waiting; p50 {P50Ms:F0} ms, p99 {P99Ms:F0} ms; names without a query {DnsHits:P1}, connections reused {Reuse:P1}; most failures: {Causes}.")]
        public static partial void DownloadProgress(
            ILogger log, long fetched, double success, long megaBytes, int limit, int active, int stalled, int waiting, double p50Ms, double p99Ms, double dnsHits, double reuse, string causes);

        [LoggerMessage(1301, LogLevel.Warning,
            "Laion:Download:UserAgent names no contact. Site owners should be able to reach you: set it to 'name/version (+https://your.page)'.")]
        public static partial void NoContact(ILogger log);

        [LoggerMessage(1305, LogLevel.Warning,
            "Laion:Download:IgnoreCertificate is on: no certificate is checked, and anyone on the way may exchange the pictures.")]
        public static partial void NoCertificates(ILogger log);
    }
}
