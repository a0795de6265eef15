using System.Net;

namespace LaionStream.Host.Telemetry;

/// <summary>The module's log messages.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(300, LogLevel.Information, "Metrics are at http://{EndPoint}/metrics")]
    public static partial void Listens(ILogger log, IPEndPoint endPoint);

    [LoggerMessage(301, LogLevel.Warning, "Metrics at {EndPoint} can be read by every machine that reaches it: there is no password")]
    public static partial void Open(ILogger log, IPEndPoint endPoint);

    [LoggerMessage(302, LogLevel.Error, "Metrics cannot be served: {Cause}")]
    public static partial void NotServed(ILogger log, string cause, Exception e);

    [LoggerMessage(303, LogLevel.Information, "Metrics are sent to {Collector} every {Interval}")]
    public static partial void Sends(ILogger log, Uri collector, TimeSpan interval);

    [LoggerMessage(304, LogLevel.Warning, "Metrics could not be sent to {Collector}; tried again at every interval")]
    public static partial void NotSent(ILogger log, Uri collector);

    [LoggerMessage(305, LogLevel.Information, "Metrics are sent to {Collector} again")]
    public static partial void SentAgain(ILogger log, Uri collector);
}
