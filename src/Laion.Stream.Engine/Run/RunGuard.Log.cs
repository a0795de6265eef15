using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

internal sealed partial class RunGuard
{
    private static partial class Log
    {
        [LoggerMessage(902, LogLevel.Information, "Stopped reading; rows in flight drain and are committed, for at most {DrainTimeout}")]
        public static partial void Draining(ILogger log, TimeSpan drainTimeout);

        [LoggerMessage(903, LogLevel.Warning, "Stage {Stage} does not return: {Rows}, running for {Seconds} s; its limit is {Limit}")]
        public static partial void Overrun(ILogger log, string stage, string rows, double seconds, TimeSpan limit);

        [LoggerMessage(904, LogLevel.Error,
            "The process is ended by force: {Cause}, and the run did not end within {Grace} after that. Still running: {Rows}. Run again with the same output to go on")]
        public static partial void EndedByForce(ILogger log, string cause, TimeSpan grace, string rows);

        [LoggerMessage(905, LogLevel.Error, "The run does not end: {Cause}, {Grace} ago. Still running: {Rows}")]
        public static partial void NotEnding(ILogger log, string cause, TimeSpan grace, string rows);

        [LoggerMessage(906, LogLevel.Warning,
            "A commit or a flush is in progress and does not return: the outcomes of the last seconds are not written, and the next start determines how far the commit came")]
        public static partial void OutputNotClosed(ILogger log);

        [LoggerMessage(907, LogLevel.Warning, "The rows inside stages could not be recorded for the next start: {Cause}")]
        public static partial void NotNoted(ILogger log, string cause, Exception fault);
    }
}
