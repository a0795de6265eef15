using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Feeds rows to the module as the stage's block does: a fixed number at once, in order, the next one when one ends.</summary>
internal static class RowFeed
{
    /// <summary>Each row's outcome and its time in the stage, waits of every kind included.</summary>
    public static async Task<(string End, TimeSpan Time)[]> RunAsync(DownloadModule module, IReadOnlyList<string> urls, int parallelism, TimeProvider clock)
    {
        var ends = new (string, TimeSpan)[urls.Count];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(parallelism, urls.Count)).Select(async _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < urls.Count; i = Interlocked.Increment(ref next))
            {
                long start = clock.GetTimestamp();
                Step<FetchedImage> step = await module.Stage.RunAsync(ModuleUnderTest.Row(urls[i], i), CancellationToken.None);
                step.Row?.Dispose();
                ends[i] = (ModuleUnderTest.Name(step), clock.GetElapsedTime(start));
            }
        }));
        return ends;
    }

    /// <summary>A quantile of the times of the rows that succeeded; zero when there are none.</summary>
    public static TimeSpan Percentile(IEnumerable<(string End, TimeSpan Time)> ends, double share)
    {
        TimeSpan[] times = [.. ends.Where(end => end.End == "ok").Select(end => end.Time).Order()];
        return times.Length == 0 ? TimeSpan.Zero : times[Math.Min(times.Length - 1, (int)(share * times.Length))];
    }
}
