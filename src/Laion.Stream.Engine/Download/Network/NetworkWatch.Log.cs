using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Download.Network;

internal sealed partial class NetworkWatch
{
    private static partial class Log
    {
        [LoggerMessage(1303, LogLevel.Warning,
            "No network: nothing was reached for {Duration}, {Hosts} hosts failed. The run pauses: {Rows} rows wait, none is dropped for it; tried again every {Probe}.")]
        public static partial void Down(ILogger log, TimeSpan duration, int hosts, int rows, TimeSpan probe);

        [LoggerMessage(1304, LogLevel.Warning, "The network is back after {Duration}; {Rows} rows are fetched again.")]
        public static partial void Up(ILogger log, TimeSpan duration, int rows);
    }
}
