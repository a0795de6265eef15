using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Prepares the process for stages that block their threads.</summary>
internal static partial class BlockingStages
{
    /// <summary>
    /// Raises the thread pool's minimum by the number of blocking calls: otherwise sockets wait while the pool grows. Logs settings that are rarely intended.
    /// </summary>
    /// <param name="options">The graph's options.</param>
    /// <param name="sessions">Inference sessions.</param>
    /// <param name="log">Logs warnings, and the memory that rows in flight may use.</param>
    public static void Prepare(PipelineOptions options, int sessions, ILogger log)
    {
        foreach (string warning in PipelineOptionsRules.Warnings(options, sessions, Environment.ProcessorCount)) { Log.Warning(log, warning); }
        int blocking = options.DecodeQueue.Parallelism + (2 * sessions); // both parts of a session block their threads
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + blocking), completions);
        PoolThreads.Start();
        Log.Budget(log, options.MemoryBudget >> 20, options.BodySlice >> 20, options.PixelSlice >> 20);
    }

    private static partial class Log
    {
        [LoggerMessage(930, LogLevel.Warning, "{Advice}")]
        public static partial void Warning(ILogger log, string advice);

        [LoggerMessage(931, LogLevel.Information,
            "Bodies and pixels in flight: {MemoryMiB} MiB at most, {BodiesMiB} for bodies and {PixelsMiB} for pixels, plus one row of each that is larger")]
        public static partial void Budget(ILogger log, long memoryMiB, long bodiesMiB, long pixelsMiB);
    }
}
