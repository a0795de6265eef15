using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs.Opening;

internal sealed partial class RemoteStream
{
    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Information, "Remote input on {Site} resumed at byte {Position}")]
        public static partial void RemoteResumed(ILogger logger, string site, long position);

        [LoggerMessage(1102, LogLevel.Warning, "Remote input on {Site} broke off at byte {Position}; next attempt in {ElapsedMs} ms")]
        public static partial void WaitingToResume(ILogger logger, string site, long position, double elapsedMs, Exception? cause);

        [LoggerMessage(1103, LogLevel.Information, "Waiting for {Address}, {Seconds} s without a byte")]
        public static partial void Waiting(ILogger logger, string address, long seconds);
    }
}
