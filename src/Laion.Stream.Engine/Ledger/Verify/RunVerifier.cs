using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>
/// Recounts a finished output: files of every role against the manifest (size, SHA-256) and against the rows of their part, hashes against each other, ledger
/// against done lines, and summary against all. A folder that was made by merge or subset has the first two only.
/// </summary>
/// <remarks>
/// Reads only; the output may be unfinished. Needs 8 bytes of memory a row of the dataset (16 under <c>laion5b</c>, whose rows are identified by URL and may
/// share a hash) and 2 bytes a link.
/// </remarks>
/// <param name="outputFolder">The output.</param>
/// <param name="isShipped">Whether files of parts may have been moved away: a listed file that is not here is then counted by the manifest.</param>
internal sealed class RunVerifier(string outputFolder, bool isShipped = false)
{
    private readonly string _root = Path.GetFullPath(outputFolder);
    private readonly List<string> _problems = [];

    /// <summary>Told how many bytes of the parts' files are read, and of how many.</summary>
    public Action<long, long>? Progress { get; init; }

    private string StatePath(string name) => Path.Combine(RunState.StateFolder(_root), name);

    /// <summary>Does the recount.</summary>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="OutputRefusedException">There is no output here.</exception>
    public async Task<VerifyReport> VerifyAsync(CancellationToken abort)
    {
        if (!File.Exists(StatePath("manifest.jsonl"))) { throw new OutputRefusedException($"'{_root}' is no output folder: it has no state/manifest.jsonl."); }

        List<ManifestEntry> all = ManifestCheck.Read(StatePath("manifest.jsonl"), Wrong);
        List<ManifestEntry> entries = ManifestCheck.Current(all, Wrong);
        bool isDerived = !RunFolder.IsOne(_root);
        var parts = new PartsCheck(_root, isDerived, isShipped, Progress, Wrong);
        IReadOnlyDictionary<string, string> settings = isDerived ? new Dictionary<string, string>() : ReadSettings();
        await CheckPartsAsync(parts, entries, isDerived ? "" : settings.GetValueOrDefault("Candidates:Rules") == "Laion5b" ? "URL" : "hash", abort);
        FolderCheck.CheckStrangers(_root, entries, Wrong);
        FolderCheck.CheckSizes(_root, entries, isShipped, Wrong);
        var report = new VerifyReport(entries.Sum(entry => entry.Files.Count), entries.Sum(entry => entry.Rows), 0, 0, 0, parts.Away, _problems);
        if (isDerived) { return report with { IsDerived = true }; }

        var accounts = new AccountsCheck(_root, Wrong);
        Dictionary<int, DoneLine> done = accounts.ReadDone();
        OutcomeTally tally = await accounts.RecountAsync(all, settings.GetValueOrDefault("Writing:Drops") == "True", parts.WholeDrops, abort);
        accounts.CheckDone(done, tally);
        var check = new SummaryCheck(_root, Wrong);
        RunSummary? summary = await check.ReadAsync(abort);
        if (summary is not null) { check.Check(summary, tally, all); }
        int known = summary?.Files.Known ?? (File.Exists(StatePath("inputs.txt")) ? await CountLinesAsync(StatePath("inputs.txt"), abort) : 0);
        return report with { Links = tally.Total.Links, FilesDone = done.Count, FilesKnown = known, Dropped = entries.Sum(entry => entry.Dropped) };
    }

    private async Task CheckPartsAsync(PartsCheck parts, List<ManifestEntry> entries, string unique, CancellationToken abort)
    {
        switch (unique)
        {
            case "URL": CheckDuplicates(await parts.CheckAsync(entries, ReadUrlsAsync, abort), unique); break;
            case "hash": CheckDuplicates(await parts.CheckAsync(entries, static (reader, abort) => reader.ReadLongsAsync("hash", abort), abort), unique); break;
            default: await parts.CheckAsync(entries, static (_, _) => Task.FromResult<long[]>([]), abort); break;
        }
    }

    private IReadOnlyDictionary<string, string> ReadSettings()
    {
        try
        {
            return RunFingerprint.Parse(File.ReadAllBytes(StatePath("run.json")));
        }
        catch (Exception e) when (e is OutputRefusedException or FileNotFoundException)
        {
            Wrong(e.Message);
            return new Dictionary<string, string>();
        }
    }

    private static async Task<UInt128[]> ReadUrlsAsync(SampleFileReader reader, CancellationToken abort)
    {
        var urls = new List<UInt128>();
        await foreach (string? url in reader.ReadTextsAsync("URL", abort))
        {
            urls.Add(BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(url ?? ""))));
        }
        return [.. urls];
    }

    private void CheckDuplicates<T>(T[] rows, string what)
        where T : IEquatable<T>
    {
        Array.Sort(rows);
        long twice = 0;
        for (int i = 1; i < rows.Length; i++)
        {
            if (rows[i].Equals(rows[i - 1])) { twice++; }
        }

        if (twice > 0) { Wrong(FormattableString.Invariant($"{twice} rows have the {what} of another row")); }
    }

    private static async Task<int> CountLinesAsync(string path, CancellationToken abort)
    {
        int lines = 0;
        await foreach (string line in File.ReadLinesAsync(path, abort)) { lines += line.Length > 0 ? 1 : 0; }
        return lines;
    }

    private void Wrong(string problem) => _problems.Add(problem);
}
