using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

internal sealed partial class PipelineRun
{
    private static partial class Log
    {
        [LoggerMessage(900, LogLevel.Error, "The run ended: {Cause}. Nothing that was committed is lost; run again with the same output to go on")]
        public static partial void Failed(ILogger log, string cause, Exception fault);

        [LoggerMessage(901, LogLevel.Warning, "The input files of this run could not be given back to their queue, which will keep them reserved: {Cause}")]
        public static partial void NotReleased(ILogger log, string cause);
    }
}
