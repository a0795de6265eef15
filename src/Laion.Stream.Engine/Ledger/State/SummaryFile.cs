using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Reads and writes <c>summary.json</c>. Writing is atomic.</summary>
internal static class SummaryFile
{
    private const string Name = "summary.json";

    /// <summary>Creates a summary from an accounting.</summary>
    /// <param name="verb">The verb that ran.</param>
    /// <param name="accounting">Counts of links by outcome.</param>
    /// <param name="files">The input files of this output's share.</param>
    /// <param name="now">The time, UTC.</param>
    public static RunSummary From(string verb, Accounting accounting, FilesSummary files, DateTimeOffset now) => new()
    {
        Verb = verb,
        Complete = files.Done == files.Known,
        Links = accounting.Links,
        Candidates = accounting.Candidates,
        Kept = accounting.Kept.Values.Sum(),
        Dropped = accounting.Dropped.OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
        OptOuts = accounting.OptOuts.OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key.Name(), pair => new OptOutCount(pair.Value, 0)),
        Sets = accounting.Kept.ToDictionary(),
        Files = files,
        WrittenAt = now,
    };

    /// <summary>Reads an output's summary; null when there is none yet.</summary>
    /// <exception cref="InvalidDataException">The file is not a summary. A torn one is impossible, because writing is atomic.</exception>
    public static RunSummary? Find(string outputFolder)
    {
        string path = Path.Combine(outputFolder, Name);
        return File.Exists(path) ? RunSummary.Parse(File.ReadAllBytes(path)) : null;
    }

    /// <summary>Writes a temp file and renames it.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public static void Write(string outputFolder, RunSummary summary, IDisk? disk = null)
    {
        disk ??= new LocalDisk();
        string path = Path.Combine(outputFolder, Name);
        string temp = Path.Combine(outputFolder, TempNames.Of(Name));
        using (Stream file = disk.Create(temp))
        {
            file.Write(summary.ToJson());
            disk.Flush(file);
        }

        disk.Rename(temp, path);
        disk.FlushFolder(outputFolder);
    }
}
