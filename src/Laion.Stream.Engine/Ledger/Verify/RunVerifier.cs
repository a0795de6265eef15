using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
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
    private const int BufferBytes = 1 << 18;

    private readonly string _root = Path.GetFullPath(outputFolder);
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _wholeDrops = new(StringComparer.Ordinal);
    private int _away;
    private long _read;
    private long _bytes;

    /// <summary>Told how many bytes of the parts' files are read, and of how many.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Whether the folder was made by merge or subset: a run writes its settings before its first part, and its ledger beside them.</summary>
    private bool IsDerived => !File.Exists(StatePath("run.json")) && !File.Exists(StatePath("inputs.txt")) && LedgerFile.LastSegment(RunState.StateFolder(_root)) == 0;

    private string StatePath(string name) => Path.Combine(RunState.StateFolder(_root), name);

    /// <summary>Does the recount.</summary>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="OutputRefusedException">There is no output here.</exception>
    public async Task<VerifyReport> VerifyAsync(CancellationToken abort)
    {
        if (!File.Exists(StatePath("manifest.jsonl"))) { throw new OutputRefusedException($"'{_root}' is no output folder: it has no state/manifest.jsonl."); }

        List<ManifestEntry> all = ReadManifest();
        List<ManifestEntry> entries = Current(all);
        _bytes = entries.Sum(entry => entry.Files.Sum(file => file.Bytes));
        if (IsDerived)
        {
            await CheckFilesAsync(entries, static (_, _) => Task.FromResult<long[]>([]), abort);
            CheckStrangers(entries);
            CheckSizes(entries);
            return new VerifyReport(entries.Sum(entry => entry.Files.Count), entries.Sum(entry => entry.Rows), 0, 0, 0, _away, _problems) { IsDerived = true };
        }

        IReadOnlyDictionary<string, string> settings = ReadSettings();
        if (settings.GetValueOrDefault("Candidates:Rules") == "Laion5b") { CheckDuplicates(await CheckFilesAsync(entries, ReadUrlsAsync, abort), "URL"); }
        else { CheckDuplicates(await CheckFilesAsync(entries, static (reader, abort) => reader.ReadLongsAsync("hash", abort), abort), "hash"); }
        CheckStrangers(entries);
        CheckSizes(entries);

        Dictionary<int, DoneLine> done = ReadDone();
        OutcomeTally tally = await RecountAsync(all, settings.GetValueOrDefault("Writing:Drops") == "True", abort);
        CheckDone(done, tally);
        RunSummary? summary = await ReadSummaryAsync(abort);
        if (summary is not null) { CheckSummary(summary, tally, all); }
        int known = summary?.Files.Known ?? (File.Exists(StatePath("inputs.txt")) ? await CountLinesAsync(StatePath("inputs.txt"), abort) : 0);
        return new VerifyReport(entries.Sum(entry => entry.Files.Count), entries.Sum(entry => entry.Rows), tally.Total.Links, done.Count, known, _away,
            _problems)
        { Dropped = entries.Sum(entry => entry.Dropped) };
    }

    private List<ManifestEntry> ReadManifest()
    {
        try
        {
            return [.. ManifestReader.Read(StatePath("manifest.jsonl"))];
        }
        catch (InvalidDataException e)
        {
            _problems.Add(e.Message);
            return [];
        }
    }

    /// <summary>The commits that are valid now. Each replacement has the rows of the commit that it replaces, but for those that it says were removed.</summary>
    private List<ManifestEntry> Current(List<ManifestEntry> all)
    {
        var byNumber = new Dictionary<long, ManifestEntry>();
        foreach (ManifestEntry entry in all)
        {
            if (entry is { Replaces: { } number, Removal: { } removal } && (!byNumber.Remove(number, out ManifestEntry? old) || old.Rows != entry.Rows + removal.Count || old.Dropped != entry.Dropped + removal.Dropped || old.Set != entry.Set))
            {
                Wrong(FormattableString.Invariant($"commit {entry.Commit} does not have the rows of commit {number}, which it replaces, but for {removal.Count + removal.Dropped}"));
            }

            byNumber[entry.Commit] = entry;
        }

        return [.. all.Where(entry => entry.Files.Count > 0 && byNumber.ContainsKey(entry.Commit))];
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

    private async Task<T[]> CheckFilesAsync<T>(List<ManifestEntry> entries, Func<SampleFileReader, CancellationToken, Task<T[]>> read, CancellationToken abort)
    {
        var rows = new List<T>();
        var alignment = new PartAlignment(_root, _problems.Add);
        foreach (ManifestEntry entry in entries)
        {
            var whole = new List<ManifestFile>();
            if (!IsSet(entry))
            {
                Wrong(FormattableString.Invariant(
                    $"commit {entry.Commit} does not list one file of rows and at most one of each other role, or one file of dropped rows and no other"));
            }
            foreach (ManifestFile file in entry.Files)
            {
                long before = _read;
                bool isWhole = await CheckBytesAsync(file, abort);
                Read(before + file.Bytes - _read); // one that is away or differs counts as read
                if (!isWhole) { continue; }

                whole.Add(file);
                if (file.Role == FileRole.Dropped) { _wholeDrops.Add(file.Path); }
                if (file.Role == FileRole.Rows) { rows.AddRange(await CheckRowsAsync(entry, file.Path, read, abort)); }
            }

            if (IsSet(entry) && entry.Dropped == 0) { await alignment.CheckAsync(entry, whole, abort); }
        }

        return [.. rows];
    }

    private static bool IsSet(ManifestEntry entry) => DroppedCheck.IsAlone(entry) || (entry.Dropped == 0 && entry.FileOf(FileRole.Dropped) is null
        && entry.FileOf(FileRole.Rows) is not null && entry.Files.DistinctBy(file => file.Role).Count() == entry.Files.Count);

    private async Task<bool> CheckBytesAsync(ManifestFile file, CancellationToken abort)
    {
        string path = Path.Combine(_root, file.Path);
        if (!Path.Exists(path) && isShipped)
        {
            _away++;
            return false;
        }

        if (!Path.Exists(path)) { return Wrong($"{file.Path} is missing"); }
        if (file.Role == FileRole.ImageFolder)
        {
            return (Directory.Exists(path) && PartFiles.Has(path, file)) || Wrong($"{file.Path} has other files or bytes than were committed");
        }

        long bytes = new FileInfo(path).Length;
        if (bytes != file.Bytes) { return Wrong(FormattableString.Invariant($"{file.Path} has {bytes} bytes instead of {file.Bytes}")); }

        string digest = await DigestAsync(path, abort);
        return digest == file.Sha256 || Wrong($"{file.Path} has other bytes than were committed (sha256)");
    }

    private async Task<string> DigestAsync(string path, CancellationToken abort)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = await stream.ReadAsync(buffer, abort)) > 0;)
        {
            digest.AppendData(buffer, 0, read);
            Read(read);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private void Read(long bytes)
    {
        _read += bytes;
        Progress?.Invoke(_read, _bytes);
    }

    private async Task<T[]> CheckRowsAsync<T>(ManifestEntry entry, string path, Func<SampleFileReader, CancellationToken, Task<T[]>> read,
        CancellationToken abort)
    {
        try
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(Path.Combine(_root, path));
            long listed = IsDerived ? entry.Rows : entry.RowsByFile.Values.Sum(ranges => RowRanges.Parse(ranges).Sum(range => (long)range.Count));
            if (reader.Rows != entry.Rows || listed != entry.Rows)
            {
                Wrong(FormattableString.Invariant($"{path} has {reader.Rows} rows, the manifest says {entry.Rows} and lists {listed}"));
            }

            return await read(reader, abort);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            Wrong($"{path}: {e.Message}");
            return [];
        }
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

    /// <summary>
    /// Files that look like a part's but are in no commit: this program did not create them, but readers that list the folder by extension read them.
    /// </summary>
    private void CheckStrangers(List<ManifestEntry> entries)
    {
        HashSet<string> listed = [.. entries.SelectMany(entry => entry.Files).Select(file => file.Path)];
        HashSet<string> folders = [.. entries.Select(entry => entry.FileOf(FileRole.ImageFolder)?.Path).OfType<string>().Select(path => path[..path.LastIndexOf('/')])];
        foreach (IGrouping<string, string> folder in listed.GroupBy(path => path[..path.LastIndexOf('/')])
            .Where(folder => Directory.Exists(Path.Combine(_root, folder.Key))))
        {
            HashSet<string> endings = [.. folder.Select(path => Path.GetExtension(path))];
            IEnumerable<string> found = Directory.EnumerateFiles(Path.Combine(_root, folder.Key)).Where(path => endings.Contains(Path.GetExtension(path)));
            if (folders.Contains(folder.Key)) { found = found.Concat(Directory.EnumerateDirectories(Path.Combine(_root, folder.Key))); }
            foreach (string path in found.Select(path => $"{folder.Key}/{Path.GetFileName(path)}")
                .Where(path => !listed.Contains(path) && !ShardSizes.IsOne(path)))
            {
                Wrong($"{path} is in the folder but not in the manifest");
            }
        }
    }

    /// <summary>The list of tars that open_clip reads: it is derived from the manifest, and is written last.</summary>
    private void CheckSizes(List<ManifestEntry> entries)
    {
        IEnumerable<(string Path, long Rows)> tars = entries.Where(entry => entry.FileOf(FileRole.Images) is not null)
            .Select(entry => (entry.FileOf(FileRole.Images)!.Path, entry.Rows));
        foreach (IGrouping<string, (string Path, long Rows)> folder in tars.GroupBy(tar => tar.Path[..tar.Path.LastIndexOf('/')]))
        {
            string path = $"{folder.Key}/{ShardSizes.Name}";
            if (!File.Exists(Path.Combine(_root, path)))
            {
                if (!isShipped) { Wrong($"{path} is missing"); }
                continue;
            }

            try
            {
                SortedDictionary<string, long> sizes = ShardSizes.Parse(File.ReadAllBytes(Path.Combine(_root, path)));
                bool same = sizes.Count == folder.Count()
                    && folder.All(tar => sizes.TryGetValue(Path.GetFileName(tar.Path), out long rows) && rows == tar.Rows);
                if (!same) { Wrong($"{path} does not list the tars of the manifest; delete it, and the next start writes it"); }
            }
            catch (JsonException e)
            {
                Wrong($"{path} is not the JSON that belongs there: {e.Message}");
            }
        }
    }

    private Dictionary<int, DoneLine> ReadDone()
    {
        var done = new Dictionary<int, DoneLine>();
        if (!File.Exists(StatePath("done.jsonl"))) { return done; }

        foreach (string text in File.ReadLines(StatePath("done.jsonl")))
        {
            if (DoneLines.Read(Encoding.UTF8.GetBytes(text)) is not { } line) { Wrong("state/done.jsonl has a broken line"); }
            else if (line.Done) { done[line.FileNumber] = line; }
            else { done.Remove(line.FileNumber); }
        }

        return done;
    }

    private async Task<OutcomeTally> RecountAsync(List<ManifestEntry> entries, bool writesDrops, CancellationToken abort)
    {
        var tally = new OutcomeTally();
        var dropped = new DroppedCheck(_root, entries, _problems.Add);
        try
        {
            int last = LedgerFile.LastSegment(RunState.StateFolder(_root));
            for (int segment = 1; segment <= last; segment++)
            {
                foreach (LedgerOutcomes outcomes in LedgerFile.Read(RunState.StateFolder(_root), segment, isClosed: segment < last).OfType<LedgerOutcomes>())
                {
                    if (await dropped.AddAsync(outcomes, _wholeDrops, abort)) { tally.Add(outcomes); }
                }
            }

            await dropped.EndAsync(writesDrops, _wholeDrops, abort);
        }
        catch (OutputRefusedException e)
        {
            Wrong(e.Message);
        }

        foreach (ManifestEntry entry in entries.Where(entry => entry.Replaces is null))
        {
            tally.Add(entry, () => Wrong(FormattableString.Invariant($"commit {entry.Commit} lists a row that another commit has too")));
        }
        return tally;
    }

    private void CheckDone(Dictionary<int, DoneLine> done, OutcomeTally tally)
    {
        foreach (DoneLine line in done.Values)
        {
            OutcomeCounts counts = tally.Of(line.FileNumber);
            bool same = counts.Links == line.Links && counts.Candidates == line.Candidates
                && counts.Dropped().All(pair => line.Dropped.GetValueOrDefault(pair.Reason.Name()) == pair.Rows)
                && counts.Kept().All(pair => line.Kept.GetValueOrDefault(tally.Sets[pair.Set]) == pair.Rows);
            if (!same)
            {
                Wrong(FormattableString.Invariant(
                    $"input file {line.FileNumber}: the ledger has {counts.Links} links, its done line {line.Links}, or they differ by reason or set"));
            }
        }
    }

    private async Task<RunSummary?> ReadSummaryAsync(CancellationToken abort)
    {
        string path = Path.Combine(_root, "summary.json");
        if (!File.Exists(path))
        {
            Wrong("summary.json is missing");
            return null;
        }

        try
        {
            return RunSummary.Parse(await File.ReadAllBytesAsync(path, abort));
        }
        catch (InvalidDataException e)
        {
            Wrong(e.Message);
            return null;
        }
    }

    private void CheckSummary(RunSummary summary, OutcomeTally tally, List<ManifestEntry> all)
    {
        if (summary.Run is { State: RunStates.Running } run)
        {
            Wrong(FormattableString.Invariant(
                $"the last run ({run.Command}) was ended by force after {summary.WrittenAt:u}, when it wrote its summary: run again with the same output, and its counts are right"));
            return;
        }

        OutcomeCounts counts = tally.Total;
        Compare("links", summary.Links, counts.Links);
        Compare("candidates", summary.Candidates, counts.Candidates);
        Dictionary<string, long> removed = all.Where(entry => entry.Removal is not null).GroupBy(entry => entry.Set)
            .ToDictionary(set => set.Key, set => set.Sum(entry => entry.Removal!.Count), StringComparer.Ordinal);
        Compare("kept", summary.Kept, counts.Kept().Sum(pair => pair.Rows) - removed.Values.Sum());
        Compare(DropReason.Removed.Name(), summary.Dropped.GetValueOrDefault(DropReason.Removed.Name()), removed.Values.Sum());
        Compare("links against kept + dropped", summary.Links, summary.Kept + summary.Dropped.Values.Sum());
        foreach ((DropReason reason, long rows) in counts.Dropped()) { Compare(reason.Name(), summary.Dropped.GetValueOrDefault(reason.Name()), rows); }
        foreach ((int set, long rows) in counts.Kept()) { Compare($"kept in {tally.Sets[set]}", summary.Sets.GetValueOrDefault(tally.Sets[set]), rows - removed.GetValueOrDefault(tally.Sets[set])); }
    }

    private void Compare(string what, long summary, long counted)
    {
        if (summary != counted) { Wrong(FormattableString.Invariant($"summary.json, {what}: {summary}, recounted {counted}")); }
    }

    private bool Wrong(string problem)
    {
        _problems.Add(problem);
        return false;
    }

    private static async Task<int> CountLinesAsync(string path, CancellationToken abort)
    {
        int lines = 0;
        await foreach (string line in File.ReadLinesAsync(path, abort)) { lines += line.Length > 0 ? 1 : 0; }
        return lines;
    }
}
