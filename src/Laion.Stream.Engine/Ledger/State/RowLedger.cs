using System.Collections.Concurrent;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Ledger.State;

/// <summary>The outcomes of all rows of a run, in memory; <see cref="RunState"/> makes them durable.</summary>
internal sealed partial class RowLedger : IRowLedger
{
    private readonly ConcurrentDictionary<int, FileLedger> _open = new();
    private readonly ConcurrentDictionary<int, bool> _done = new();
    private readonly OutcomeCounts _finished = new();
    private readonly long[] _rejected = new long[byte.MaxValue + 1];
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private long _admitted;

    /// <summary>Creates an empty ledger.</summary>
    public RowLedger(TimeProvider clock, ILogger<RowLedger> log)
    {
        _clock = clock;
        _log = log;
    }

    /// <summary>Unfinished files with at least one row or outcome so far.</summary>
    public IEnumerable<FileLedger> Open => _open.Values;

    /// <summary>Number of finished files.</summary>
    public int DoneCount => _done.Count;

    /// <summary>Links that entered the graph in this session.</summary>
    public long Admitted => Volatile.Read(ref _admitted);

    /// <summary>Links that were read in this session and never entered the graph, for a reason.</summary>
    public long Rejected(DropReason reason) => Volatile.Read(ref _rejected[(int)reason]);

    /// <summary>Whether every row of the file has a durable outcome, so that the file need not be read.</summary>
    public bool IsDone(int fileNumber) => _done.ContainsKey(fileNumber);

    /// <summary>Whether any row of the file has an outcome, or the file is finished without any rows.</summary>
    public bool IsBegun(int fileNumber) => IsDone(fileNumber) || (_open.TryGetValue(fileNumber, out FileLedger? ledger) && ledger.Links > 0);

    /// <inheritdoc/>
    public bool HasOutcome(RowKey key) => IsDone(key.FileNumber) || (_open.TryGetValue(key.FileNumber, out FileLedger? file) && file.HasOutcome(key.Ordinal));

    /// <inheritdoc/>
    public void Admit(RowKey key)
    {
        Of(key.FileNumber).Admit(key.Ordinal);
        Interlocked.Increment(ref _admitted);
    }

    /// <inheritdoc/>
    public void Reject(RowKey key, DropOutcome outcome)
    {
        Of(key.FileNumber).Reject(key.Ordinal, OutcomeCode.Of(outcome));
        Interlocked.Increment(ref _rejected[(int)outcome.Reason]);
    }

    /// <inheritdoc/>
    public void Hold(RowKey key, DropReason reason)
    {
        Of(key.FileNumber).Hold(key.Ordinal);
        Interlocked.Increment(ref _rejected[(int)reason]);
    }

    /// <inheritdoc/>
    public void Drop(RowKey key, DropOutcome outcome)
    {
        if (outcome.Reason == DropReason.None) { throw new ArgumentException($"Row {key} was dropped without a reason.", nameof(outcome)); }

        Of(key.FileNumber).Drop(key.Ordinal, OutcomeCode.Of(outcome));
    }

    /// <inheritdoc/>
    public void Seal(int fileNumber, long read)
    {
        long known = Of(fileNumber).Seal(read);
        if (known > read) { Log.InputShrank(_log, fileNumber, read, known); }
    }

    /// <summary>Records that the rows are durable in a visible file.</summary>
    public void Commit(IReadOnlyList<RowKey> keys, int set)
    {
        ushort code = OutcomeCode.OfKept(set);
        foreach (RowKey key in keys) { Of(key.FileNumber).Commit(key.Ordinal, code); }
    }

    /// <summary>Records that the rows are durable in a visible file of dropped rows, and their outcomes in the ledger.</summary>
    public void Settle(IReadOnlyList<PendingDrop> drops)
    {
        foreach (PendingDrop drop in drops) { Of(drop.Key.FileNumber).Settle(drop.Key.Ordinal, OutcomeCode.Of(drop.Outcome)); }
    }

    /// <summary>How often the row has been tried, this time included.</summary>
    public int AttemptOf(RowKey key) => _open.TryGetValue(key.FileNumber, out FileLedger? file) ? file.AttemptOf(key.Ordinal) : 1;

    /// <summary>Records that the row has claimed a hash; it is written to disk with the row's outcome.</summary>
    public void Claim(RowKey key, long hash) => Of(key.FileNumber).Claim(key.Ordinal, hash);

    /// <summary>Whether the row claimed its hash, in this session or in an earlier one in which it got a durable outcome.</summary>
    public bool Owns(RowKey key) => _open.TryGetValue(key.FileNumber, out FileLedger? file) && file.Owns(key.Ordinal);

    /// <summary>The hash that a row in the graph has claimed in this session, or null.</summary>
    public long? ClaimOf(RowKey key) => _open.TryGetValue(key.FileNumber, out FileLedger? file) ? file.ClaimOf(key.Ordinal) : null;

    /// <summary>Files with rows in the graph of which none has got an outcome for that long: a row may have been lost.</summary>
    public IEnumerable<(int FileNumber, long InFlight, TimeSpan Idle)> Stalled(TimeSpan after) =>
        _open.Values.Select(file => (file.Number, file.InFlight, file.Idle)).Where(file => file.InFlight > 0 && file.Idle >= after);

    /// <summary>The file's ledger, created at first use.</summary>
    public FileLedger Of(int fileNumber) => _open.GetOrAdd(fileNumber, static (number, clock) => new FileLedger(number, clock), _clock);

    /// <summary>Counts of all rows that have ended.</summary>
    public OutcomeCounts Count()
    {
        var total = new OutcomeCounts();
        lock (_gate)
        {
            total.Add(_finished);
            foreach (FileLedger file in _open.Values) { file.AddTo(total); }
        }

        return total;
    }

    /// <summary>Loads a finished file's counts from its done line.</summary>
    public void LoadDone(DoneLine line, Func<string, int> setOf)
    {
        lock (_gate)
        {
            _done[line.FileNumber] = true;
            _finished.Add(line, setOf);
        }
    }

    /// <summary>Marks a file as finished, once its done line is durable: only its counts stay in memory.</summary>
    public void Finish(FileLedger file)
    {
        lock (_gate)
        {
            file.AddTo(_finished);
            _done[file.Number] = true;
            _open.TryRemove(file.Number, out _);
        }
    }

    /// <summary>Marks a finished file as unfinished again. All its rows must be loaded.</summary>
    public void Reopen(FileLedger file)
    {
        lock (_gate)
        {
            var counts = new OutcomeCounts();
            file.AddTo(counts);
            _finished.Add(counts, -1);
            _done.TryRemove(file.Number, out _);
            _open[file.Number] = file;
        }
    }
}
