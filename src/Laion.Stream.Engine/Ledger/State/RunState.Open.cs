using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.Claims;
using LaionStream.Engine.Ledger.Format;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Ledger.State;

internal sealed partial class RunState
{
    private const string ManifestName = "manifest.jsonl";
    private const string DoneName = "done.jsonl";

    private static readonly Dictionary<int, string> NoFiles = [];

    private RunState(
        string root, OutputLock hold, RunFingerprint fingerprint, IReadOnlyList<string> inputs, LedgerTuning tuning, TimeProvider clock, ILoggerFactory logs, IDisk disk,
        Stack<IDisposable> opened, bool takesNewInputs)
    {
        opened.Push(Claims);
        (_root, _lock, _tuning, _clock, _disk) = (root, hold, tuning, clock, disk);
        _state = StateFolder(root);
        _log = logs.CreateLogger<RunState>();
        _sets = new OutputSets();
        _sizes = new ShardSizes(disk, root, () => ManifestReader.ReadCurrent(Path.Combine(_state, ManifestName)));
        _runs = new HashRunBuilder(disk, _state);
        Ledger = new RowLedger(clock, logs.CreateLogger<RowLedger>());

        CheckFingerprint(fingerprint);
        foreach (string temp in Directory.EnumerateFiles(_state, "*.tmp").ToArray()) { disk.Delete(temp); }
        Marks = new InputMarks(disk, _state);
        opened.Push(Marks);
        (InputNumbers, KnownInputs, _identities, _newInputs) = InputList.Number(disk, _state, inputs, IsWithdrawn, takesNewInputs);
        _ledgerFile = OpenLedger(out long cut);
        opened.Push(_ledgerFile);
        LedgerBase start = LedgerFile.BaseOf(_state, _ledgerFile.Segment);
        foreach (string set in start.Sets) { _sets.NumberOf(set); }
        foreach ((string set, int part) in start.NextParts) { _sets.SkipPart(set, part - 1); }

        _done = LoadDone();
        opened.Push(_done);
        _manifest = LoadManifest(start.ManifestBytes, out List<ManifestEntry> commits);
        opened.Push(_manifest);
        _disk.FlushFolder(_state); // the files above may be new: their names must outlive what is written to them
        _commits = [.. commits.Select(commit => commit.Commit)];
        _nextCommit = commits.Select(commit => commit.Commit + 1).Append(start.NextCommit).Max();

        _removed = ReadRemoved();
        foreach (string path in commits.SelectMany(commit => commit.Files.Select(file => file.Path).Concat(commit.Removal?.Gone ?? []))) { _sets.SkipPart(path); }
        HashSet<long> replaced = [.. commits.Select(commit => commit.Replaces).OfType<long>()];
        List<ManifestEntry> current = [.. commits.Where(commit => !replaced.Contains(commit.Commit))];
        int renamed = RollForward(current);
        int deleted = DeleteTemps();
        _sizes.Complete(_sets.Names, current);
        foreach (ManifestEntry removal in current.Where(commit => commit.Replaces is not null)) { EndRemoval(removal); }
        LoadRuns();
        LoadLedger(start);
        Suspects = ReadSuspects();
        Poison = PoisonFile.Read(disk, _state);
        Log.Resumed(_log, Ledger.DoneCount, Ledger.Open.Count(), Claims.Count, commits.Count, renamed, deleted, cut);
        LogSuspects();
    }

    /// <summary>
    /// Opens an output for writing: takes its lock, compares fingerprints, finishes what a crash left half done, and loads the durable outcomes.
    /// </summary>
    /// <param name="outputFolder">The output folder; made when missing.</param>
    /// <param name="fingerprint">What shapes this run's rows.</param>
    /// <param name="inputs">The full input list, before any share.</param>
    /// <param name="tuning">How the ledger is written.</param>
    /// <param name="clock">For flush intervals and time stamps.</param>
    /// <param name="logs">For log messages.</param>
    /// <param name="disk">The disk; tests put faults here.</param>
    /// <param name="takesNewInputs">Whether inputs that the output does not know are added to it.</param>
    /// <exception cref="OutputRefusedException">Another process writes here, the fingerprint differs, or the state cannot be read or written.</exception>
    public static RunState Open(
        string outputFolder, RunFingerprint fingerprint, IReadOnlyList<string> inputs, LedgerTuning tuning, TimeProvider clock, ILoggerFactory logs, IDisk? disk = null,
        bool takesNewInputs = true)
    {
        string root = Path.GetFullPath(outputFolder);
        try
        {
            Directory.CreateDirectory(StateFolder(root));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputRefusedException($"The output folder '{root}' cannot be made: {e.Message}", e);
        }

        OutputLock hold = OutputLock.Take(StateFolder(root), tuning.RequireLock, logs.CreateLogger<OutputLock>());
        var opened = new Stack<IDisposable>([hold]);
        try
        {
            var state = new RunState(root, hold, fingerprint, inputs, tuning, clock, logs, disk ?? new LocalDisk(), opened, takesNewInputs);
            state.Watch = state.FlushEveryAsync();
            opened.Clear(); // from here on the state disposes them
            return state;
        }
        finally
        {
            foreach (IDisposable left in opened) { left.Dispose(); } // a stack: the lock, opened first, goes last
        }
    }

    /// <summary>The folder of everything but the dataset itself.</summary>
    internal static string StateFolder(string root) => Path.Combine(root, "state");

    private void CheckFingerprint(RunFingerprint fingerprint)
    {
        string path = Path.Combine(_state, "run.json");
        if (!File.Exists(path))
        {
            WriteWhole(path, fingerprint.ToJson());
            _disk.FlushFolder(_root);
            return;
        }

        IReadOnlyList<string> differences = fingerprint.DifferencesFrom(RunFingerprint.Parse(File.ReadAllBytes(path)));
        if (differences.Count > 0 && InputList.IsEmpty(_state))
        {
            WriteWhole(path, fingerprint.ToJson()); // the run that wrote it was refused before it read anything
        }
        else if (differences.Count > 0)
        {
            throw new OutputRefusedException(
                $"This output was made with other settings; use a fresh folder (--new-run) or the old settings:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", differences)}");
        }
    }

    private void WriteWhole(string path, ReadOnlySpan<byte> bytes)
    {
        using (Stream file = _disk.Create(path + ".tmp"))
        {
            file.Write(bytes);
            _disk.Flush(file);
        }

        _disk.Rename(path + ".tmp", path);
        _disk.FlushFolder(_state);
    }

    private LedgerFile OpenLedger(out long cut)
    {
        cut = 0;
        int last = LedgerFile.LastSegment(_state);
        return last > 0
            ? LedgerFile.Open(_disk, _state, last, out cut)
            : LedgerFile.Begin(_disk, _state, 1, _records, () => LedgerCodec.WriteBase(_records, new LedgerBase(0, 0, [], new Dictionary<string, int>())));
    }

    private LineFile LoadDone()
    {
        var last = new Dictionary<int, DoneLine>();
        LineFile file = LineFile.Open(_disk, Path.Combine(_state, DoneName), 0, line =>
        {
            if (DoneLines.Read(line.Span) is not { } read) { return false; }
            last[read.FileNumber] = read;
            return true;
        });

        foreach (DoneLine line in last.Values.Where(line => line.Done)) { Ledger.LoadDone(line, _sets.NumberOf); }
        _reopened.UnionWith(last.Values.Where(line => !line.Done).Select(line => line.FileNumber));
        return file;
    }

    /// <summary>
    /// Loads the current segment's outcomes and hashes. The manifest must have been loaded: it says which commits count and which rows are kept.
    /// </summary>
    private void LoadLedger(LedgerBase start)
    {
        HashSet<int> unnamed = [];
        foreach (LedgerEntry entry in LedgerFile.Read(_state, _ledgerFile.Segment, isClosed: false))
        {
            if (entry is LedgerOutcomes { Commit: { } commit }) { _nextCommit = Math.Max(_nextCommit, commit + 1); }
            if (entry is LedgerOutcomes outcomes && Counts(outcomes)) { LoadOutcomes(outcomes, start, unnamed); }
            if (entry is LedgerKeptHashes kept) { _nextCommit = Math.Max(_nextCommit, kept.Commit + 1); }
            if (entry is LedgerNames names) { TakeNames(names); }
            HashRunBuilder.AddHashes(entry, _commits.Contains, hash => Claims.TryAdd(hash));
        }

        if (unnamed.Count > 0)
        {
            LoadKept(ManifestReader.Read(Path.Combine(_state, ManifestName)), file => unnamed.Contains(file) ? Ledger.Of(file) : null);
        }
    }

    /// <summary>Whether a record's outcomes are durable: those of a part of dropped rows are with the manifest line of its commit.</summary>
    private bool Counts(LedgerOutcomes outcomes) => outcomes.Commit is not { } commit || _commits.Contains(commit);

    /// <exception cref="OutputRefusedException">A file of the commit is visible, so its manifest line was written once; it is gone now.</exception>
    private void TakeNames(LedgerNames names)
    {
        _nextCommit = Math.Max(_nextCommit, names.Commit + 1);
        foreach (string path in names.Paths)
        {
            _sets.SkipPart(path);
            if (_commits.Contains(names.Commit) || !File.Exists(Path.Combine(_root, path))) { continue; }

            throw new OutputRefusedException(
                $"'{path}' was committed, but state/{ManifestName} no longer lists it: its last lines are gone, and a run would fetch that file's rows once more. "
                + "Bring the manifest back, or move the file out of the output: its rows are then fetched again under another name.");
        }
    }

    /// <summary>
    /// Loads a record of an unfinished file. The set of a kept row is known by its name, or, where the record has no names, from the manifest.
    /// </summary>
    /// <param name="outcomes">The record.</param>
    /// <param name="start">Names the sets for records without names, as far as it knows them.</param>
    /// <param name="unnamed">Receives the files with kept rows whose sets only the manifest knows.</param>
    private void LoadOutcomes(LedgerOutcomes outcomes, LedgerBase start, HashSet<int> unnamed)
    {
        if (IsDone(outcomes.FileNumber)) { return; }

        FileLedger file = Ledger.Of(outcomes.FileNumber);
        IReadOnlyList<string> sets = outcomes.Sets ?? start.Sets;
        foreach (LedgerGroup group in outcomes.Groups)
        {
            int set = OutcomeCode.KeptSet(group.Code);
            if (set >= sets.Count) { unnamed.Add(outcomes.FileNumber); }
            else { LoadInto(file, group, set < 0 ? group.Code : OutcomeCode.OfKept(_sets.NumberOf(sets[set]))); }
        }
    }

    private static void LoadInto(FileLedger file, LedgerGroup group, ushort code)
    {
        foreach ((int first, int count) in group.Ranges)
        {
            for (int ordinal = first; ordinal < first + count; ordinal++) { file.Load(ordinal, code); }
        }
    }

    private LineFile LoadManifest(long from, out List<ManifestEntry> commits)
    {
        List<ManifestEntry> read = [];
        LineFile file = LineFile.Open(_disk, Path.Combine(_state, ManifestName), from, line =>
        {
            if (ManifestEntry.Parse(line.Span) is not { } entry) { return false; }
            LoadKept([entry], file => IsDone(file) ? null : Ledger.Of(file));
            read.Add(entry with { RowsByFile = NoFiles }); // a segment's commits may list a hundred million rows
            return true;
        });

        commits = read;
        return file;
    }

    /// <summary>Loads the kept rows of the files for which <paramref name="ledgerOf"/> returns a ledger.</summary>
    private void LoadKept(IEnumerable<ManifestEntry> entries, Func<int, FileLedger?> ledgerOf)
    {
        foreach (ManifestEntry entry in entries.Where(entry => entry.Dropped == 0 && entry.Replaces is null)) // dropped rows have their outcomes in the ledger, replacements those of what they replace
        {
            ushort code = OutcomeCode.OfKept(_sets.NumberOf(entry.Set));
            foreach ((int number, string rows) in entry.RowsByFile)
            {
                if (ledgerOf(number) is not { } file) { continue; }

                foreach ((int first, int count) in RowRanges.Parse(rows))
                {
                    for (int ordinal = first; ordinal < first + count; ordinal++) { file.Load(ordinal, code); }
                }
            }
        }
    }

    /// <summary>
    /// Finishes the renames of listed files. Commits before the current segment need nothing: a segment begins only after their renames. What becomes visible
    /// has the size and the digest that the manifest lists; a listed file that is missing was moved away, which the operator may do.
    /// </summary>
    /// <returns>The files renamed.</returns>
    /// <exception cref="OutputRefusedException">A file is damaged or was replaced; no file was renamed.</exception>
    private int RollForward(List<ManifestEntry> commits)
    {
        ManifestFile[] listed = [.. commits.SelectMany(commit => RowsLast(commit.Files))];
        HashSet<ManifestFile> replacements = [.. commits.Where(commit => commit.Replaces is not null).SelectMany(commit => commit.Files)];
        ManifestFile[] waiting = [.. listed.Where(file => IsRightTemp(file, replacements.Contains(file)))]; // all are judged before any is renamed: a refused start makes nothing visible
        foreach (ManifestFile file in waiting) { MakeVisible(file, replacements.Contains(file)); }

        int away = 0;
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (ManifestFile file in listed)
        {
            var visible = new FileInfo(Path.Combine(_root, file.Path));
            if (!Path.Exists(visible.FullName))
            {
                away++;
                continue;
            }

            if (visible.Exists && visible.Length != file.Bytes) { Log.PartReplaced(_log, file.Path, visible.Length, file.Bytes); }
            folders.Add(visible.DirectoryName!); // a rename before the crash may not be durable yet
        }

        foreach (string folder in folders) { _disk.FlushFolder(folder); }
        if (away > 0) { Log.FilesAway(_log, away); }
        return waiting.Length;
    }

    /// <summary>Whether a listed file waits under its temp name to become visible.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isReplacement">Whether the file that it replaces may lie under its name.</param>
    /// <exception cref="OutputRefusedException">What lies there is neither the listed file nor a leftover of ours: the operator must decide.</exception>
    private bool IsRightTemp(ManifestFile file, bool isReplacement)
    {
        string temp = Path.Combine(_root, file.Temp);
        if (!Path.Exists(temp)) { return false; }

        string path = Path.Combine(_root, file.Path);
        bool isRight = PartFiles.Has(temp, file);
        if (isRight && !isReplacement && Path.Exists(path) && !PartFiles.Has(path, file))
        {
            throw new OutputRefusedException(
                $"'{file.Path}' is not the file that the manifest lists under this name; that one is '{file.Temp}'. Move '{file.Path}' out of the output.");
        }

        // Temp names of version 0.1.0 have no commit number: such a file may be another session's, and is deleted like every leftover.
        if (!isRight && !Path.Exists(path) && file.Temp != TempNames.Of(file.Path))
        {
            throw new OutputRefusedException(
                $"'{file.Temp}' has other bytes than were committed (size {file.Bytes} and sha256 {file.Sha256} are listed), and '{file.Path}' is not there. "
                + "Put the right file in its place; or delete it: the run then goes on, and verify names the part as missing.");
        }

        return isRight;
    }

    private int DeleteTemps()
    {
        string[] temps = [.. TempNames.FindBelow(_root)];
        foreach (string temp in temps) { _disk.Delete(temp); }
        return temps.Length;
    }

    private void LoadRuns()
    {
        foreach (HashRun run in _runs.OpenAll()) { Claims.Attach(run); }
        for (int segment = 1; segment < _ledgerFile.Segment; segment++)
        {
            if (Claims.Runs.Any(run => run.First <= segment && segment <= run.Last)) { continue; }

            HashSet<long> commits = CommitsOf(segment);
            Claims.Attach(_runs.Build(segment, commits.Contains));
        }

        _runs.Compact(Claims);
    }

    /// <summary>The commits whose manifest lines were written while a closed segment was the current one.</summary>
    private HashSet<long> CommitsOf(int segment)
    {
        long from = LedgerFile.BaseOf(_state, segment).ManifestBytes;
        long to = LedgerFile.BaseOf(_state, segment + 1).ManifestBytes;
        return [.. ManifestReader.Read(Path.Combine(_state, ManifestName), from, to).Select(entry => entry.Commit)];
    }
}
