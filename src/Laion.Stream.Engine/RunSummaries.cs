using LaionStream.Dataset;
using LaionStream.Engine.Checkpoint;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine;

/// <summary>Makes the summary of an output from its ledger and its graph, and publishes it.</summary>
internal static class RunSummaries
{
    /// <summary>The summary at this moment.</summary>
    public static RunSummary Of(string verb, Accounting accounting, FlowGauges gauges, DateTimeOffset now) => new()
    {
        Verb = verb,
        Complete = accounting.FilesDone == accounting.FilesKnown,
        Links = accounting.Links,
        Candidates = accounting.Candidates,
        Kept = accounting.Kept.Values.Sum(),
        Dropped = DropReasonNames.All.ToDictionary(reason => reason.Name(), reason => accounting.Dropped.GetValueOrDefault(reason)),
        Sets = accounting.Kept,
        Stages = [.. gauges.Stages.Where(stage => stage.Received > 0).Select(stage => new StageSummary(stage.Name, stage.Received, stage.Kept, stage.Dropped))],
        Files = new FilesSummary(accounting.FilesKnown, accounting.FilesDone),
        WrittenAt = now,
    };

    /// <summary>Puts <c>summary.json</c> in its place: readers see the old one or the new one, whole.</summary>
    public static async Task WriteAsync(string folder, RunSummary summary)
    {
        string path = Path.Combine(folder, "summary.json");
        string temp = path + ".tmp";
        await using (var file = new FileStream(temp, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(summary.ToJson());
            file.Flush(flushToDisk: true);
        }

        File.Move(temp, path, overwrite: true);
    }
}
