using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Output;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Run;

/// <summary>Rules across modules that no single options class can state. Pure; reports every error at once.</summary>
public static class PipelineOptionsRules
{
    /// <summary>One line per broken rule, starting with the key to change.</summary>
    public static IEnumerable<string> Errors(PipelineOptions pipeline, DownloadOptions download, WritingOptions writing)
    {
        foreach ((string name, QueueOptions queue) in Queues(pipeline, download))
        {
            // A block's capacity also counts the rows being processed: less than twice the parallelism starves it.
            if (queue.Parallelism == 0) { yield return $"Laion:{name}:Parallelism: 0 has no meaning here; at least 1."; }
            if (queue.Capacity < 2 * queue.Parallelism)
            {
                yield return $"Laion:{name}:Capacity: {queue.Capacity} is less than twice {name}:Parallelism ({queue.Parallelism}).";
            }
        }

        if (pipeline.DrainTimeout <= download.Timeout)
        {
            yield return $"Laion:Pipeline:DrainTimeout: {pipeline.DrainTimeout} must be longer than Laion:Download:Timeout ({download.Timeout}), or every drain becomes an abort.";
        }

        ResizeOptions resize = writing.Resize;
        if (writing.Images == KeptPictures.Resized && (resize.Format == StoredFormat.Png ? resize.Quality > 9 : resize.Quality < 1))
        {
            yield return $"Laion:Writing:Resize:Quality: {resize.Quality} is none of {resize.Format}, which takes {(resize.Format == StoredFormat.Png ? "0 to 9 (its compression)" : "1 to 100")}.";
        }

        if (writing.MaxAge < writing.LedgerFlush)
        {
            yield return $"Laion:Writing:MaxAge: {writing.MaxAge} must not be shorter than Laion:Writing:LedgerFlush ({writing.LedgerFlush}).";
        }
    }

    /// <summary>Settings that are allowed but rarely intended; logged at start.</summary>
    /// <param name="pipeline">The graph's options.</param>
    /// <param name="sessions">Inference sessions.</param>
    /// <param name="cores">Processors of this machine.</param>
    public static IEnumerable<string> Warnings(PipelineOptions pipeline, int sessions, int cores)
    {
        int blocking = pipeline.DecodeQueue.Parallelism + sessions;
        int allowed = Math.Max(2, cores - 2);
        if (blocking > allowed + 1)
        {
            yield return $"Laion:Pipeline:Decode:Parallelism ({pipeline.DecodeQueue.Parallelism}) and {sessions} inference sessions block {blocking} threads on {cores} cores.";
        }
    }

    private static IEnumerable<(string Name, QueueOptions Queue)> Queues(PipelineOptions pipeline, DownloadOptions download) =>
    [
        ("Pipeline:Language", pipeline.Language),
        ("Download:Queue", download.Queue),
        ("Pipeline:Decode", pipeline.DecodeQueue),
        ("Pipeline:Filter", pipeline.Filter),
    ];
}
