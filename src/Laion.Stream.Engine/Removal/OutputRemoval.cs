using LaionStream.Dataset.Cutting;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Removal;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Removal;

/// <summary>
/// Removes rows from an output, kept and dropped ones: from every file of their parts, one part after the other, each by one manifest line. Doing it again
/// removes nothing more, and after a crash it goes on where it was.
/// </summary>
/// <param name="folder">The output.</param>
/// <param name="clock">For the time of the commits.</param>
/// <param name="logs">For log messages.</param>
/// <param name="disk">The disk; tests put faults here.</param>
internal sealed partial class OutputRemoval(string folder, TimeProvider clock, ILoggerFactory logs, IDisk? disk = null)
{
    private readonly IDisk _disk = disk ?? new LocalDisk();
    private readonly ILogger<OutputRemoval> _log = logs.CreateLogger<OutputRemoval>();
    private readonly string _root = Path.GetFullPath(folder);

    /// <summary>Rows looked at so far, and rows in all; read from another thread.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Rows to remove besides those of the list: their places in the part, by its commit.</summary>
    public IReadOnlyDictionary<long, IReadOnlySet<int>> Chosen { get; init; } = new Dictionary<long, IReadOnlySet<int>>();

    /// <summary>Called for each part that lost rows: its commit, their positions in it, and the commit that has the others.</summary>
    public Action<long, IReadOnlyList<int>, long>? Replaced { get; init; }

    /// <summary>Removes.</summary>
    /// <param name="list">Which rows.</param>
    /// <param name="removed">Receives all that was ever removed from the output; of a trial also what would be.</param>
    /// <param name="requireLock">Whether an output on a file system without locks is refused.</param>
    /// <param name="isTrial">Whether the rows are only counted.</param>
    /// <param name="stop">Ends it after the part at hand.</param>
    /// <exception cref="OutputRefusedException">There is no output here, or another process is writing to it.</exception>
    /// <exception cref="InvalidDataException">A file of a part is damaged.</exception>
    public async Task<RemovalReport> RunAsync(RemovalList list, RemovedSet removed, bool requireLock, bool isTrial, CancellationToken stop)
    {
        string manifest = Path.Combine(RunState.StateFolder(_root), "manifest.jsonl");
        if (!File.Exists(manifest)) { throw new OutputRefusedException($"'{folder}' is no output folder: it has no state/manifest.jsonl."); }

        await using RunState state = OpenAsItIs(requireLock);
        removed.Read(RunState.StateFolder(_root));
        using var digests = new RemovedFiles(_disk, RunState.StateFolder(_root), removed);

        // Kept rows first: what is known of them tells which dropped rows are the same.
        ManifestEntry[] parts = [.. ManifestReader.ReadCurrent(manifest).OrderBy(entry => entry.Dropped > 0)];
        (long rows, long dropped, int changed, int away, long undigested, long seen) = (0, 0, 0, 0, 0, 0);
        long all = parts.Sum(part => part.Rows + part.Dropped);
        foreach (ManifestEntry part in parts)
        {
            stop.ThrowIfCancellationRequested();
            Progress?.Invoke(seen, all);
            seen += part.Rows + part.Dropped;
            string path = Path.Combine(_root, FileOf(part).Path);
            if (!File.Exists(path))
            {
                away++;
                continue;
            }

            FoundRows found = await FoundRows.InAsync(path, list, Chosen.GetValueOrDefault(part.Commit), part.Dropped > 0 ? removed : null, stop);
            if (found.Count == 0) { continue; }
            RefuseLinks(state, part, isTrial);
            if (isTrial) { Note(removed, found); }
            else { await RemoveAsync(state, digests, part, found, list); }

            changed++;
            if (part.Dropped > 0) { dropped += found.Count; }
            else { rows += found.Count; }
            if (found.LacksDigests && part.Dropped == 0) { undigested += found.Count; }
        }

        if (!isTrial) { Summarise(state); }
        return new RemovalReport(rows, dropped, changed, away, undigested);
    }

    /// <summary>A trial refuses what the removal would. The parts before this one are done: the summary counts them.</summary>
    private void RefuseLinks(RunState state, ManifestEntry part, bool isTrial)
    {
        try
        {
            LinkedFiles.Refuse(part.Files.Select(file => Path.Combine(_root, file.Path)));
        }
        catch (InvalidDataException)
        {
            if (!isTrial) { Summarise(state); }
            throw;
        }
    }

    private static void Note(RemovedSet removed, FoundRows found)
    {
        foreach (string line in found.Rows) { removed.AddRow(line); }
        foreach (string line in found.Urls) { removed.AddUrl(line); }
        foreach (string line in found.Pictures) { removed.AddPicture(line); }
    }

    /// <summary>The file of a part that tells which rows it has.</summary>
    private static ManifestFile FileOf(ManifestEntry part) => part.FileOf(FileRole.Rows) ?? part.FileOf(FileRole.Dropped)
        ?? throw new InvalidDataException(
            FormattableString.Invariant($"Commit {part.Commit} has neither kept rows nor dropped ones: a newer version wrote it."));

    /// <summary>Opens the output with the settings that it has: none of them matters here.</summary>
    private RunState OpenAsItIs(bool requireLock)
    {
        string path = Path.Combine(RunState.StateFolder(_root), "run.json");
        if (!File.Exists(path))
        {
            throw new OutputRefusedException($"'{folder}' is the output of a run, and its state/run.json is missing: bring it back. Nothing was removed.");
        }

        IReadOnlyDictionary<string, string> settings = RunFingerprint.Parse(File.ReadAllBytes(path));
        var fingerprint = new RunFingerprint([.. settings.Select(setting => new FingerprintEntry(setting.Key, setting.Value, FingerprintEntry.None))]);
        return RunState.Open(_root, fingerprint, [], new LedgerTuning(TimeSpan.FromMinutes(1), RequireLock: requireLock), clock, logs, _disk,
            takesNewInputs: false);
    }

    /// <summary>Removes the rows of a part. The digests come first: a row that is gone is blocked already.</summary>
    private async Task RemoveAsync(RunState state, RemovedFiles digests, ManifestEntry part, FoundRows found, RemovalList list)
    {
        digests.Append(found.Rows, found.Urls, found.Pictures);
        List<PendingFile> files = [];
        foreach (ManifestFile file in part.Files)
        {
            if (found.Left > 0) { files.Add(await CutAsync(state, file, found.Filter())); }
        }

        string[] gone = found.Left > 0 ? [] : [.. part.Files.Select(file => file.Path)];
        bool isDropped = part.Dropped > 0;
        var removal = new ManifestRemoval(list.By, isDropped ? 0 : found.Count, found.ByFile(found: true), gone) { Dropped = isDropped ? found.Count : 0 };
        ManifestEntry entry =
            await state.ReplaceAsync(part, files, found.Left, isDropped ? new Dictionary<int, string>() : found.ByFile(found: false), removal);
        Log.Removed(_log, found.Count, FileOf(part).Path, list.By);
        if (!isDropped) { Replaced?.Invoke(part.Commit, found.Positions, entry.Commit); }
    }

    /// <summary>Writes a file without the rows under its temp name.</summary>
    private async Task<PendingFile> CutAsync(RunState state, ManifestFile file, RowFilter rows)
    {
        string source = Path.Combine(_root, file.Path);
        if (!Path.Exists(source))
        {
            throw new InvalidDataException(
                $"'{source}' is not here, but the rows of its part are: bring the file back, or move the rows away too. Nothing was removed from this part.");
        }

        if (file.Role == FileRole.ImageFolder) { return await CutFolderAsync(state, file, source, rows); }

        await using Stream temp = state.CreateTemp(file.Path);
        await using var output = new DigestStream(temp);
        Task cut = file.Role switch
        {
            FileRole.Rows or FileRole.Dropped or FileRole.ImageMetadata or FileRole.EmbeddingMetadata =>
                RowsCut.CopyAsync(source, output, rows, CancellationToken.None),
            FileRole.Images => TarCut.CopyAsync(source, output, rows, end: true, CancellationToken.None),
            FileRole.ImageStats => StatsCut.CopyAsync(source, output, rows, CancellationToken.None),
            FileRole.ImageEmbeddings or FileRole.TextEmbeddings => VectorsCut.CopyAsync(source, output, rows, CancellationToken.None),
            _ => throw new InvalidDataException($"'{source}' has the role {file.Role}, which this version does not know: a newer one wrote it."),
        };
        await cut;
        state.FlushTemp(temp);
        return new PendingFile(file.Role, file.Path, output.Length, output.FinishDigest());
    }

    /// <summary>Copies the loose files of the rows that stay. Their keys, and with them their names, are in the order of the rows.</summary>
    private async Task<PendingFile> CutFolderAsync(RunState state, ManifestFile file, string source, RowFilter rows)
    {
        using var digest = new FolderDigest();
        IEnumerable<IGrouping<string, string>> samples = Directory.EnumerateFiles(source).Select(path => Path.GetFileName(path)!)
            .GroupBy(name => name.Split('.')[0]).OrderBy(sample => sample.Key, StringComparer.Ordinal);
        long row = 0;
        foreach (IGrouping<string, string> sample in samples)
        {
            if (!rows.Keeps(row++)) { continue; }

            foreach (string name in sample.Order(StringComparer.Ordinal))
            {
                byte[] content = await File.ReadAllBytesAsync(Path.Combine(source, name));
                await using Stream copy = state.CreateInTemp(file.Path, name);
                await copy.WriteAsync(content);
                digest.Add(name, content);
            }
        }

        state.FlushTempFolder(file.Path);
        return new PendingFile(file.Role, file.Path, digest.Bytes, digest.Finish());
    }

    /// <summary>Brings the counts of <c>summary.json</c> up to the output; all else in it is of the last run.</summary>
    private void Summarise(RunState state)
    {
        if (SummaryFile.Find(_root) is not { } summary) { return; }

        RunSummary counted = SummaryFile.From(summary.Verb, state.Snapshot(), summary.Files, clock.GetUtcNow());
        SummaryFile.Write(_root, summary with { Kept = counted.Kept, Dropped = counted.Dropped, Sets = counted.Sets, WrittenAt = counted.WrittenAt }, _disk);
    }
}
