using LaionStream.Dataset;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Checkpoint;

/// <summary>Writes <c>summary.json</c>: whole or not at all.</summary>
internal static class SummaryFile
{
    /// <summary>Fills a summary from an accounting.</summary>
    /// <param name="verb">The verb that ran.</param>
    /// <param name="accounting">Where links ended.</param>
    /// <param name="now">The time, UTC.</param>
    public static RunSummary From(string verb, Accounting accounting, DateTimeOffset now) => new()
    {
        Verb = verb,
        Complete = accounting.FilesDone == accounting.FilesKnown,
        Links = accounting.Links,
        Candidates = accounting.Candidates,
        Kept = accounting.Kept.Values.Sum(),
        Dropped = accounting.Dropped.OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
        Sets = accounting.Kept.ToDictionary(),
        Files = new FilesSummary(accounting.FilesKnown, accounting.FilesDone),
        WrittenAt = now,
    };

    /// <summary>Writes the file through a temp name.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Write(string outputFolder, RunSummary summary, IDisk? disk = null)
    {
        disk ??= new LocalDisk();
        string path = Path.Combine(outputFolder, "summary.json");
        string temp = Path.Combine(outputFolder, TempNames.Of("summary.json"));
        using (Stream file = disk.Create(temp))
        {
            file.Write(summary.ToJson());
            disk.Flush(file);
        }

        disk.Rename(temp, path);
        disk.FlushFolder(outputFolder);
    }
}
