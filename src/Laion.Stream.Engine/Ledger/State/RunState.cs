using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Claims;
using LaionStream.Engine.Ledger.Format;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// The durable state of one output: who may write to it, which inputs it has, where every row ended, who owns which hash, and the one place where files are
/// committed.
/// </summary>
/// <remarks>
/// <code>
/// out/state/lock               held while a process writes here
///           run.json           fingerprint
///           inputs.txt         one line per input file; the place of the line is the file number
///           marks.jsonl        what each input file was when it was read
///           manifest.jsonl     one line per commit; appending it is the commit point
///           ledger-NNNNNN.log  drops with their hashes, and the hashes of commits; each segment begins with a snapshot of the unfinished files
///           hashes-F-L.run     sorted hashes of closed segments F..L
///           done.jsonl         one line per finished input file
///           suspects.jsonl     one line per row that a stage held when a run was ended by force or died; advice for the next start, no part of the accounting
///           poison.jsonl       one line per picture that ended a decoder's process; likewise
///           decode.slots       the rows that the decode stage works on now
/// </code>
/// Order of every flush: ledger, then manifest (for a commit), then done lines; each flushed to disk before the next is written. A hash becomes durable with
/// its owner's outcome: both are in one record (drops), or the ledger's record counts only once the manifest has the line (kept rows). A start reads the last
/// segment, the manifest's lines since that segment began, and the done lines; runs are mapped.
/// Of several outcomes of one row the last one counts, and a kept row stays kept. Writes to the files go through one gate; after a failed write nothing more
/// is written.
/// </remarks>
internal sealed partial class RunState : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly RecordBuffer _records = new();
    private readonly IDisk _disk;
    private readonly LedgerTuning _tuning;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly string _root;
    private readonly string _state;
    private readonly OutputLock _lock;
    private readonly OutputSets _sets;
    private readonly ShardSizes _sizes;
    private readonly HashRunBuilder _runs;
    private LedgerFile _ledgerFile;
    private readonly LineFile _manifest;
    private readonly LineFile _done;
    private readonly HashSet<int> _reopened = [];
    private HashSet<long> _commits; // commits of the current segment and of those whose run is not made yet
    private long _nextCommit;
    private long _ledgerBytes;
    private Exception? _fault;
    private readonly InputNames _sources = new();
    private string _newInputs;
    private IReadOnlyList<string> _identities; // the inputs as they are stored, by number
    private Task _background = Task.CompletedTask;

    /// <summary>The rows' ledger.</summary>
    public RowLedger Ledger { get; }

    /// <summary>The hashes with an owner.</summary>
    public ClaimIndex Claims { get; } = new();

    /// <summary>The output folder.</summary>
    public string OutputFolder => _root;

    /// <summary>The numbers of the inputs given to <see cref="Open"/>, in their order.</summary>
    public IReadOnlyList<int> InputNumbers { get; private set; }

    /// <summary>Every input ever named for this output, by number.</summary>
    public IReadOnlyList<string> KnownInputs { get; private set; }

    /// <summary>What each input file was when it was read.</summary>
    public InputMarks Marks { get; }

    /// <summary>
    /// Records the inputs that this output did not know yet. Called before the first row of the session, so that a run that is refused (one of its inputs
    /// cannot be read, for example) leaves none of them behind.
    /// </summary>
    public void RecordInputs()
    {
        if (_newInputs.Length > 0) { InputList.Append(_disk, _state, _newInputs); }
        _newInputs = "";
    }

    /// <summary>The commits of this session.</summary>
    public CommitTally Committed { get; } = new();

    /// <summary>Bytes written to the ledger in this session.</summary>
    public long LedgerBytes => Volatile.Read(ref _ledgerBytes);

    /// <summary>Bytes of the ledger's current segment.</summary>
    public long SegmentBytes => _ledgerFile.Bytes;

    /// <summary>Ends when the state is disposed; faults when a flush in the background failed, after which the run must abort.</summary>
    public Task Watch { get; private set; } = Task.CompletedTask;

    /// <summary>Input files that were done and that a <c>retry</c> opened again without finishing them.</summary>
    public IReadOnlyCollection<int> ReopenedFiles => [.. _reopened.Where(file => !IsDone(file))];

    /// <summary>Whether every row of an input has a durable outcome.</summary>
    public bool IsDone(int file) => Ledger.IsDone(file);

    /// <summary>
    /// The next part number of a set: none that the manifest ever listed, wherever the files are now, and none whose names are in use by files of someone
    /// else.
    /// </summary>
    /// <param name="set">The set.</param>
    /// <param name="names">How the part's files will be named.</param>
    public int TakePart(string set, IReadOnlyList<PartName> names)
    {
        int part;
        do { part = _sets.TakePart(set); } while (names.Any(name => Path.Exists(Path.Combine(_root, name.PathOf(set, part)))));
        return part;
    }

    /// <summary>Creates the temp file of a file to come.</summary>
    /// <param name="path">Its name once it is committed, relative to the output folder, with forward slashes.</param>
    public Stream CreateTemp(string path) => _disk.Create(Path.Combine(_root, TempNames.Of(path)));

    /// <summary>Creates a file in the temp folder of a folder to come.</summary>
    /// <param name="folder">The folder's name once it is committed, relative to the output folder, with forward slashes.</param>
    /// <param name="name">The file's name.</param>
    public Stream CreateInTemp(string folder, string name) => _disk.Create(Path.Combine(_root, TempNames.Of(folder), name));

    /// <summary>Flushes the files of a temp folder to the disk.</summary>
    /// <param name="folder">The folder's name once it is committed, relative to the output folder, with forward slashes.</param>
    public void FlushTempFolder(string folder) => _disk.FlushFiles(Path.Combine(_root, TempNames.Of(folder)));

    /// <summary>Flushes a temp file to the disk.</summary>
    public void FlushTemp(Stream file) => _disk.Flush(file);

    /// <summary>Opens the temp file of a file to come for reading.</summary>
    /// <param name="path">Its name once it is committed, relative to the output folder, with forward slashes.</param>
    public Stream ReadTemp(string path) =>
        new FileStream(Path.Combine(_root, TempNames.Of(path)), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>
    /// Deletes the temp file of a file that is given up. A process that lost its lock deletes nothing: the file of that name may be the other process's by
    /// now.
    /// </summary>
    /// <param name="path">What its name would have been, relative to the output folder, with forward slashes.</param>
    public void DeleteTemp(string path)
    {
        if (_lock.IsHeld) { _disk.Delete(Path.Combine(_root, TempNames.Of(path))); }
    }

    /// <summary>Claims a hash for a row.</summary>
    /// <returns>Whether the row owns the hash now, or did before.</returns>
    public bool TryClaim(long hash, RowKey owner)
    {
        if (!Claims.TryAdd(hash)) { return Ledger.Owns(owner); }

        Ledger.Claim(owner, hash);
        return true;
    }

    /// <summary>Where every ended row ended.</summary>
    public Accounting Snapshot()
    {
        OutcomeCounts counts = Ledger.Count();
        return new Accounting(
            counts.Candidates,
            Ledger.Open.Sum(file => file.InFlight),
            counts.Kept().ToDictionary(pair => _sets.NameOf(pair.Set), pair => pair.Rows - _removed.GetValueOrDefault(_sets.NameOf(pair.Set))),
            WithRemoved(counts.Dropped().ToDictionary(pair => pair.Reason, pair => pair.Rows)),
            counts.OptOuts().ToDictionary(pair => pair.Signal, pair => pair.Rows),
            KnownInputs.Count,
            Ledger.DoneCount);
    }

    /// <summary>
    /// Makes finished temp files part of the dataset: ledger, manifest line, renames, folders, then the rows' outcomes. When it throws, nothing or everything
    /// of it has happened on disk, and only the next start can tell which; this state then refuses every further write.
    /// </summary>
    /// <param name="set">Output set.</param>
    /// <param name="files">Files, flushed and closed: one of role <see cref="FileRole.Rows"/>, and at most one of each other role.</param>
    /// <param name="rows">The rows inside, in any order.</param>
    /// <exception cref="ArgumentException">A role is there twice, or there is no file of rows. Nothing was written.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public async ValueTask CommitAsync(string set, IReadOnlyList<PendingFile> files, IReadOnlyList<RowKey> rows)
    {
        if (files.Count(file => file.Role == FileRole.Rows) != 1 || files.DistinctBy(file => file.Role).Count() != files.Count)
        {
            throw new ArgumentException(
                $"A commit has one file of each role, and one of them holds the rows; these are {string.Join(", ", files.Select(file => file.Role))}.", nameof(
                files));
        }

        await _gate.WaitAsync();
        try
        {
            Guarded(() => Commit(set, files, rows));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Makes a finished temp file of dropped rows part of the output, and its rows' outcomes durable: both or neither, as <see cref="CommitAsync"/> does.
    /// </summary>
    /// <param name="set">The folder.</param>
    /// <param name="file">The file, of role <see cref="FileRole.Dropped"/>, flushed and closed.</param>
    /// <param name="drops">The rows inside and their outcomes, in any order.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public async ValueTask CommitDropsAsync(string set, PendingFile file, IReadOnlyList<PendingDrop> drops)
    {
        await _gate.WaitAsync();
        try
        {
            Guarded(() => CommitDrops(set, file, drops));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes every outcome so far durable, and writes the done lines of the input files that are complete by it.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public async ValueTask FlushAsync()
    {
        await _gate.WaitAsync();
        try
        {
            Guarded(() => Flush());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes sure that this process still holds the output before it writes a file that no other check covers.</summary>
    /// <exception cref="IOException">The lock file was deleted or replaced.</exception>
    public void CheckLock() => _lock.Check();

    /// <summary>
    /// Stops the background work and gives the lock back. Writes nothing: after a drain and after an abort alike, call <see cref="FlushAsync"/> first.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(Watch, _background).ContinueWith(static _ => { }, TaskScheduler.Default); // Watch reports its failure
        try
        {
            _ledgerFile.Dispose();
            _manifest.Dispose();
            _done.Dispose();
            Marks.Dispose();
            Claims.Dispose();
            foreach (RowSlots slots in _slots) { slots.Dispose(); }
        }
        finally
        {
            _lock.Dispose();
            _stop.Dispose();
            _gate.Dispose();
        }
    }

    private void Guarded(Action write)
    {
        if (_fault is not null) { throw new IOException($"Nothing more is written to this output after: {_fault.Message}", _fault); }

        try
        {
            _lock.Check();
            write();
        }
        catch (Exception e)
        {
            _fault = e; // the file may end in half a record: only a start can tell what happened
            throw;
        }
    }

    private void Commit(string set, IReadOnlyList<PendingFile> files, IReadOnlyList<RowKey> rows)
    {
        int setNumber = _sets.NumberOf(set);
        ManifestEntry entry = Publish(files, new ManifestEntry(0, set, default, rows.Count, [], ByFile(rows)), commit =>
        {
            List<long> hashes = [];
            foreach (RowKey row in rows)
            {
                if (Ledger.ClaimOf(row) is { } hash) { hashes.Add(hash); }
            }

            LedgerCodec.WriteKeptHashes(_records, commit, hashes);
        });
        _sizes.Add(entry);

        Ledger.Commit(rows, setNumber);
        WriteDoneLines();
        Log.Committed(_log, set, rows.Count, entry.FileOf(FileRole.Rows)!.Path, entry.Files.Sum(file => file.Bytes));
    }

    private void CommitDrops(string set, PendingFile file, IReadOnlyList<PendingDrop> drops)
    {
        ManifestEntry entry = Publish([file], new ManifestEntry(0, set, default, 0, [], NoFiles) { Dropped = drops.Count }, commit =>
        {
            foreach (IGrouping<int, PendingDrop> ofFile in drops.GroupBy(drop => drop.Key.FileNumber))
            {
                FileLedger ledger = Ledger.Of(ofFile.Key);
                List<PendingOutcome> outcomes = [.. ofFile.Select(drop => ledger.ToSettle(drop.Key.Ordinal, OutcomeCode.Of(drop.Outcome)))];
                LedgerCodec.WriteOutcomes(_records, ofFile.Key, _clock.GetUtcNow(), outcomes, commit);
            }
        });

        Ledger.Settle(drops);
        WriteDoneLines();
        Log.Committed(_log, set, drops.Count, file.Path, file.Bytes);
    }

    /// <summary>Makes files visible: temp names, the ledger's records, the manifest line, names.</summary>
    /// <param name="files">The files.</param>
    /// <param name="content">The line, but for its number, its time and its files.</param>
    /// <param name="write">Writes the ledger's records of the commit, which count only if the manifest lists it.</param>
    private ManifestEntry Publish(IReadOnlyList<PendingFile> files, ManifestEntry content, Action<long> write)
    {
        long commit = _nextCommit++;
        ManifestFile[] listed =
            [.. files.Select(file => new ManifestFile(file.Path, TempNames.Of(file.Path, commit), file.Bytes, file.Sha256) { Role = file.Role })];
        string[] folders = [.. files.Select(file => Path.GetDirectoryName(Path.Combine(_root, file.Path))!).Distinct()];

        // POSIX lets a new file's name get lost although its bytes are flushed: the temp names are durable before the line that counts on them.
        foreach ((PendingFile file, ManifestFile owned) in files.Zip(listed)) { _disk.Rename(Path.Combine(_root, file.Temp), Path.Combine(_root, owned.Temp)); }
        foreach (string folder in folders) { _disk.FlushFolder(folder); }
        AppendPending(() =>
        {
            // The names of a replacement are in use by the files that it replaces: they tell nothing of a manifest line.
            LedgerCodec.WriteNames(_records, commit, content.Replaces is null ? [.. files.Select(file => file.Path)] : []);
            write(commit);
        });

        ManifestEntry entry = content with { Commit = commit, At = _clock.GetUtcNow(), Files = listed };
        _commits.Add(commit);
        _manifest.Append([.. entry.ToLine(), (byte)'\n']); // the commit point

        foreach (ManifestFile file in RowsLast(listed)) { MakeVisible(file, content.Replaces is not null); }
        foreach (string folder in folders) { _disk.FlushFolder(folder); }
        Committed.Add(entry);
        return entry;
    }

    /// <summary>Gives a committed file its name; that of a replacement takes the old file's place.</summary>
    private void MakeVisible(ManifestFile file, bool isReplacement)
    {
        string path = Path.Combine(_root, file.Path);
        if (isReplacement && Directory.Exists(path)) { _disk.Delete(path); } // no rename replaces a folder
        _disk.Rename(Path.Combine(_root, file.Temp), path);
    }

    private Dictionary<DropReason, long> WithRemoved(Dictionary<DropReason, long> dropped)
    {
        if (_removed.Count > 0) { dropped[DropReason.Removed] = _removed.Values.Sum(); }
        return dropped;
    }

    /// <summary>Writes all pending drops to the ledger, and what else belongs to the same flush.</summary>
    private void AppendPending(Action? more = null)
    {
        long before = _ledgerFile.Bytes;
        _ledgerFile.Append(_records, () =>
        {
            foreach (FileLedger file in Ledger.Open) { WritePending(file); }
            more?.Invoke();
        });
        Interlocked.Add(ref _ledgerBytes, _ledgerFile.Bytes - before);
    }

    /// <summary>Writes all pending drops; then done lines, then perhaps a new segment: never between a commit's records and its manifest line.</summary>
    private void Flush()
    {
        AppendPending();
        WriteDoneLines();
        if (_ledgerFile.Bytes - _ledgerFile.BaseBytes >= _tuning.SegmentBytes) { Roll(); }
    }

    private void WriteDoneLines()
    {
        List<(FileLedger Shard, DoneLine Line)> complete = [];
        foreach (FileLedger file in Ledger.Open)
        {
            if (file.IsComplete) { complete.Add((file, LineOf(file))); }
        }

        if (complete.Count == 0) { return; }

        _done.Append([.. complete.SelectMany(pair => DoneLines.Write(pair.Line))]);
        foreach ((FileLedger file, DoneLine line) in complete)
        {
            Ledger.Finish(file);
            Log.FileDone(_log, line.FileNumber, line.Links, line.Kept.Values.Sum());
        }
    }

    private DoneLine LineOf(FileLedger file)
    {
        var counts = new OutcomeCounts();
        file.AddTo(counts);
        Dictionary<string, long> optOuts = counts.OptOuts().ToDictionary(pair => pair.Signal.Name(), pair => pair.Rows);
        return new DoneLine(file.Number, Done: true, counts.Links, counts.Candidates,
            new(counts.Dropped().ToDictionary(pair => pair.Reason.Name(), pair => pair.Rows), StringComparer.Ordinal),
            new(counts.Kept().ToDictionary(pair => _sets.NameOf(pair.Set), pair => pair.Rows), StringComparer.Ordinal),
            optOuts.Count == 0 ? null : new(optOuts, StringComparer.Ordinal));
    }

    /// <summary>Begins a new segment with a snapshot of the unfinished files, and makes the old one's hash run in the background.</summary>
    private void Roll()
    {
        int closed = _ledgerFile.Segment;
        HashSet<long> commits = _commits;
        LedgerFile next = LedgerFile.Begin(_disk, _state, closed + 1, _records, () =>
        {
            LedgerCodec.WriteBase(_records, new LedgerBase(_manifest.Bytes, _nextCommit, _sets.Names, _sets.NextParts));
            foreach (FileLedger file in Ledger.Open)
            {
                WriteSnapshot(file);
                WritePending(file);
            }
        });
        _ledgerFile.Dispose();
        _ledgerFile = next;
        Interlocked.Add(ref _ledgerBytes, next.Bytes);
        _commits = [];
        Log.SegmentBegun(_log, next.Segment, next.Bytes);
        _background = MakeRunAfterAsync(_background, closed, commits);
    }

    private void WritePending(FileLedger file)
    {
        List<PendingOutcome> pending = file.TakePending();
        if (pending.Count > 0) { LedgerCodec.WriteOutcomes(_records, file.Number, _clock.GetUtcNow(), pending); }
    }

    private void WriteSnapshot(FileLedger file)
    {
        foreach (List<OutcomeRange> ranges in file.Snapshot()) { LedgerCodec.WriteSnapshot(_records, file.Number, _clock.GetUtcNow(), ranges, _sets.Names); }
    }

    private async Task MakeRunAfterAsync(Task before, int segment, HashSet<long> commits)
    {
        await before;
        await Task.Run(() =>
        {
            Claims.Attach(_runs.Build(segment, commits.Contains));
            _runs.Compact(Claims);
        });
    }

    private async Task FlushEveryAsync()
    {
        using var timer = new PeriodicTimer(_tuning.FlushEvery, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (_background.IsFaulted) { await _background; }
                await FlushAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return; // disposed: whoever wants the rest on the disk flushes before that
        }
    }

    /// <summary>The order of renames: a reader that sees a part's rows also finds its other files.</summary>
    private static IEnumerable<ManifestFile> RowsLast(IEnumerable<ManifestFile> files) => files.OrderBy(file => file.Role == FileRole.Rows);

    private static Dictionary<int, string> ByFile(IReadOnlyList<RowKey> rows) => rows
        .GroupBy(row => row.FileNumber)
        .ToDictionary(group => group.Key, group => RowRanges.Format([.. group.Select(row => row.Ordinal).Order()]));
}
