using LaionStream.Dataset.History;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;

namespace LaionStream.Report.Reading;

/// <summary>Reads what a report shows of an output folder. Works beside a run that writes the folder.</summary>
internal static class OutputReader
{
    /// <summary>Most rows read for distributions: with more, every file contributes an equal part from its beginning.</summary>
    public const int MostRows = 200_000;

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="abort">Cancels the read.</param>
    /// <exception cref="InvalidDataException">There is no <c>summary.json</c>, or a file is damaged; the message names it.</exception>
    public static async Task<OutputFacts> ReadAsync(string folder, CancellationToken abort)
    {
        string path = Path.Combine(folder, "summary.json");
        if (!File.Exists(path)) { throw new InvalidDataException($"'{folder}' has no summary.json: it is not the output of a run."); }

        RunSummary summary = RunSummary.Parse(await File.ReadAllBytesAsync(path, abort));
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new OutputFacts(name, summary, HistoryFile.Read(HistoryFile.PathIn(folder)), await ReadRowsAsync(folder, abort));
    }

    private static async Task<RowFacts> ReadRowsAsync(string folder, CancellationToken abort)
    {
        var facts = new RowFacts();
        var files = new List<(string Path, long Rows)>();
        foreach (ManifestEntry entry in ManifestReader.ReadCurrent(Path.Combine(folder, "state", "manifest.jsonl")))
        {
            if (entry.FileOf(FileRole.Rows) is not { } rows) { continue; }
            string file = Path.Combine(folder, rows.Path);
            if (!File.Exists(file))
            {
                facts.FilesAway++;
                continue;
            }

            files.Add((file, entry.Rows));
            facts.Rows += entry.Rows;
        }

        double share = facts.Rows <= MostRows ? 1 : MostRows / (double)facts.Rows;
        foreach ((string file, long rows) in files) { await AddAsync(facts, file, (long)Math.Ceiling(rows * share), abort); }
        return facts;
    }

    private static async Task AddAsync(RowFacts facts, string file, long most, CancellationToken abort)
    {
        try
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync(RowFacts.Needs, abort))
            {
                if (most-- <= 0) { return; }
                facts.Add(row);
            }
        }
        catch (FileNotFoundException)
        {
            facts.FilesAway++; // moved away since the folder was listed
        }
    }
}
