using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

internal sealed partial class PipelineRun
{
    private static partial class Log
    {
        [LoggerMessage(900, LogLevel.Error, "The run ended: {Cause}. Nothing that was committed is lost; run again with the same output to go on")]
        public static partial void Failed(ILogger log, string cause, Exception fault);

        [LoggerMessage(901, LogLevel.Error, "{Location} cannot be read; it stays unfinished and the next run tries it again")]
        public static partial void Unreadable(ILogger log, string location, Exception cause);
    }
}
