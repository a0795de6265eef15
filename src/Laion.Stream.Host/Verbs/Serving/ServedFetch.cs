using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Explorer.Data;

namespace LaionStream.Host.Verbs.Serving;

/// <summary>Fetches pictures with the download module of a run: its address guard, limits per host, robots.txt and opt-outs hold here too.</summary>
internal sealed class ServedFetch(DownloadModule module) : IPictureFetch
{
    private long _fetches;

    /// <inheritdoc/>
    public async Task<(byte[]? Bytes, string? Reason)> FetchAsync(string url, CancellationToken abort)
    {
        var key = new RowKey(0, (int)(Interlocked.Increment(ref _fetches) & int.MaxValue));
        Step<FetchedImage> step = await module.Stage.RunAsync(new Candidate(key, url, null, "?", null, "serve", 0), abort);
        if (step.Row is not { } fetched) { return (null, step.Drop.Reason.Name()); }
        using (fetched) { return (fetched.Body.Memory.ToArray(), null); }
    }
}
