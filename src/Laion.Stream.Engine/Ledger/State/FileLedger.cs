using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// The rows of one unfinished input file: two bytes per row, in pages; the outcomes that are not on disk yet; and the hashes of rows without an outcome.
/// </summary>
/// <remarks>Thread-safe. Its lock is never held during disk I/O.</remarks>
internal sealed class FileLedger(int number, TimeProvider clock)
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;
    private const int PieceRanges = 1 << 16;

    private readonly Lock _gate = new();
    private readonly OutcomeCounts _counts = new();
    private readonly Dictionary<int, long> _claims = [];
    private readonly Dictionary<int, ushort> _oldOutcomes = [];
    private readonly Dictionary<int, int> _attempts = []; // of rows that are tried for the third time or more, in runs that write dropped rows
    private readonly RowSet _retried = new();
    private ushort[]?[] _pages = new ushort[]?[16];
    private List<PendingOutcome> _pending = [];
    private long _inFlight;
    private long _progress = clock.GetTimestamp();

    /// <summary>The input file's number.</summary>
    public int Number => number;

    /// <summary>Whether the file has been read to its end in this session.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Rows with an outcome.</summary>
    public long Links
    {
        get { lock (_gate) { return _counts.Links; } }
    }

    /// <summary>Rows in the graph.</summary>
    public long InFlight
    {
        get { lock (_gate) { return _inFlight; } }
    }

    /// <summary>Whether the file has been read to its end, every row has an outcome, and none of them remains to be written to disk.</summary>
    public bool IsComplete
    {
        get { lock (_gate) { return IsSealed && _inFlight == 0 && _pending.Count == 0; } }
    }

    /// <summary>Time since a row of this file last got an outcome.</summary>
    public TimeSpan Idle => clock.GetElapsedTime(Volatile.Read(ref _progress));

    /// <summary>Whether the row has an outcome and no retry of it was requested.</summary>
    public bool HasOutcome(int ordinal)
    {
        lock (_gate) { return OutcomeCode.IsOutcome(Get(ordinal)) && !_retried.Contains(ordinal); }
    }

    /// <summary>Whether the row claimed a hash, in this session or in an earlier one in which it got an outcome.</summary>
    public bool Owns(int ordinal)
    {
        lock (_gate) { return OutcomeCode.IsOwner(Get(ordinal)); }
    }

    /// <summary>Records that the row has claimed a hash; it is written with the row's outcome.</summary>
    public void Claim(int ordinal, long hash)
    {
        lock (_gate)
        {
            _claims[ordinal] = hash;
            Set(ordinal, OutcomeCode.WithOwner(Get(ordinal)));
        }
    }

    /// <summary>Records that the row enters the graph.</summary>
    /// <exception cref="InvalidOperationException">The row is in the graph already, or has an outcome and no retry was requested.</exception>
    public void Admit(int ordinal)
    {
        lock (_gate)
        {
            ushort code = Get(ordinal);
            if (OutcomeCode.WithoutOwner(code) == OutcomeCode.InFlight) { throw Broken(ordinal, "entered the graph twice"); }
            if (OutcomeCode.IsOutcome(code))
            {
                if (!_retried.Contains(ordinal)) { throw Broken(ordinal, "entered the graph although it has an outcome"); }
                _oldOutcomes[ordinal] = code; // counts and snapshots use the old outcome until there is a new one
            }

            Set(ordinal, OutcomeCode.WithOwner(OutcomeCode.InFlight));
            _inFlight++;
        }
    }

    /// <summary>Records the pump's outcome for a row that never enters the graph.</summary>
    /// <exception cref="InvalidOperationException">The row has another outcome, or is in the graph.</exception>
    public void Reject(int ordinal, ushort code)
    {
        lock (_gate)
        {
            if (Get(ordinal) != OutcomeCode.None) { throw Broken(ordinal, "was rejected although it is in the graph or has an outcome"); }

            Set(ordinal, code);
            Record(ordinal, code, null);
        }
    }

    /// <summary>Records that the row waits for the commit of a part of dropped rows without having entered the graph.</summary>
    /// <exception cref="InvalidOperationException">The row has an outcome, or is in the graph.</exception>
    public void Hold(int ordinal)
    {
        lock (_gate)
        {
            if (Get(ordinal) != OutcomeCode.None) { throw Broken(ordinal, "was rejected although it is in the graph or has an outcome"); }

            Set(ordinal, OutcomeCode.InFlight);
            _inFlight++;
        }
    }

    /// <summary>Records a drop that is durable, in the ledger and in a visible file.</summary>
    /// <exception cref="InvalidOperationException">The row is neither in the graph nor held.</exception>
    public void Settle(int ordinal, ushort code)
    {
        lock (_gate)
        {
            ushort settled = CodeOf(ordinal, code);
            Leave(ordinal, settled);
            _claims.Remove(ordinal);
            _counts.Add(settled);
            Volatile.Write(ref _progress, clock.GetTimestamp());
        }
    }

    /// <summary>What the ledger's record has of a row that is about to be settled.</summary>
    public PendingOutcome ToSettle(int ordinal, ushort code)
    {
        lock (_gate) { return new PendingOutcome(ordinal, CodeOf(ordinal, code), _claims.TryGetValue(ordinal, out long hash) ? hash : null); }
    }

    /// <summary>How often the row has been tried, this time included.</summary>
    public int AttemptOf(int ordinal)
    {
        lock (_gate) { return _attempts.GetValueOrDefault(ordinal, _oldOutcomes.ContainsKey(ordinal) ? 2 : 1); }
    }

    /// <summary>Records that a row that is tried again was dropped more than once before.</summary>
    public void NoteAttempt(int ordinal)
    {
        lock (_gate) { _attempts[ordinal] = _attempts.GetValueOrDefault(ordinal, 2) + 1; }
    }

    /// <summary>Records that the row was dropped in the graph.</summary>
    /// <exception cref="InvalidOperationException">The row is not in the graph.</exception>
    public void Drop(int ordinal, ushort code)
    {
        lock (_gate)
        {
            Leave(ordinal, OutcomeCode.WithOwner(code));
            long? hash = _claims.Remove(ordinal, out long claimed) ? claimed : null;
            Record(ordinal, OutcomeCode.WithOwner(code), hash);
        }
    }

    /// <summary>Records that the row is durable in a visible file.</summary>
    /// <exception cref="InvalidOperationException">The row is not in the graph.</exception>
    public void Commit(int ordinal, ushort code)
    {
        lock (_gate)
        {
            Leave(ordinal, code);
            _claims.Remove(ordinal);
            _counts.Add(code);
            Volatile.Write(ref _progress, clock.GetTimestamp());
        }
    }

    /// <summary>The hash that a row in the graph has claimed, or null.</summary>
    public long? ClaimOf(int ordinal)
    {
        lock (_gate) { return _claims.TryGetValue(ordinal, out long hash) ? hash : null; }
    }

    /// <summary>Records that the file has been read to its end.</summary>
    /// <param name="read">Rows read, including those with an outcome from an earlier session.</param>
    /// <returns>Rows with an outcome or in the graph; more than <paramref name="read"/> when the file has shrunk since an earlier session.</returns>
    /// <exception cref="InvalidOperationException">Rows were read that were neither admitted nor rejected and have no outcome.</exception>
    public long Seal(long read)
    {
        lock (_gate)
        {
            long known = _counts.Links - _oldOutcomes.Count + _inFlight;
            if (read > known)
            {
                throw new InvalidOperationException(
                    $"Input file {number}: {read} rows were read, but only {known} were admitted, rejected or had an outcome before.");
            }

            IsSealed = true;
            return known;
        }
    }

    /// <summary>Removes and returns the outcomes that are not on disk yet.</summary>
    public List<PendingOutcome> TakePending()
    {
        lock (_gate)
        {
            if (_pending.Count == 0) { return []; }

            List<PendingOutcome> taken = _pending;
            _pending = [];
            return taken;
        }
    }

    /// <summary>
    /// Returns every current outcome as ascending ranges, in pieces, so that a file of a hundred million rows is never listed at once. A drop recorded during
    /// the enumeration is in the ranges, in a later <see cref="TakePending"/>, or in both. No commit may be recorded during the enumeration.
    /// </summary>
    public IEnumerable<List<OutcomeRange>> Snapshot()
    {
        var ranges = new List<OutcomeRange>();
        for (int page = 0; AddPage(page, ranges); page++)
        {
            if (ranges.Count < PieceRanges) { continue; }

            yield return ranges;
            ranges.Clear();
        }

        if (ranges.Count > 0) { yield return ranges; }
    }

    /// <summary>Loads a durable outcome of an earlier session. A later outcome replaces an earlier one, but a kept row stays kept.</summary>
    /// <returns>False when the row was kept already; nothing changes then.</returns>
    public bool Load(int ordinal, ushort code)
    {
        lock (_gate)
        {
            ushort old = Get(ordinal);
            if (OutcomeCode.KeptSet(old) >= 0) { return false; }
            if (OutcomeCode.IsOutcome(old)) { _counts.Add(old, -1); }

            Set(ordinal, code);
            _counts.Add(code);
            return true;
        }
    }

    /// <summary>Requests a retry of a row that has an outcome.</summary>
    public void AskAgain(int ordinal)
    {
        lock (_gate) { _retried.Set(ordinal, 1, true); }
    }

    /// <summary>Adds this file's counts to a total.</summary>
    public void AddTo(OutcomeCounts total)
    {
        lock (_gate) { total.Add(_counts); }
    }

    private ushort CodeOf(int ordinal, ushort code) => OutcomeCode.IsOwner(Get(ordinal)) ? OutcomeCode.WithOwner(code) : code;

    private bool AddPage(int page, List<OutcomeRange> ranges)
    {
        lock (_gate)
        {
            if (page >= _pages.Length) { return false; }
            if (_pages[page] is not { } codes) { return true; }

            for (int i = 0; i < PageSize; i++)
            {
                int ordinal = (page << PageBits) + i;
                ushort code = _oldOutcomes.TryGetValue(ordinal, out ushort old) ? old : codes[i];
                if (OutcomeCode.IsOutcome(code)) { OutcomeRange.Append(ranges, ordinal, code); }
            }

            return true;
        }
    }

    private void Leave(int ordinal, ushort code)
    {
        if (OutcomeCode.WithoutOwner(Get(ordinal)) != OutcomeCode.InFlight) { throw Broken(ordinal, "got an outcome but is not in the graph"); }

        Set(ordinal, code);
        _inFlight--;
        _retried.Set(ordinal, 1, false);
        _attempts.Remove(ordinal);
        if (_oldOutcomes.Remove(ordinal, out ushort old)) { _counts.Add(old, -1); }
    }

    private void Record(int ordinal, ushort code, long? hash)
    {
        _counts.Add(code);
        _pending.Add(new PendingOutcome(ordinal, code, hash));
        Volatile.Write(ref _progress, clock.GetTimestamp());
    }

    private ushort Get(int ordinal)
    {
        int page = ordinal >> PageBits;
        return page < _pages.Length && _pages[page] is { } codes ? codes[ordinal & (PageSize - 1)] : OutcomeCode.None;
    }

    private void Set(int ordinal, ushort code)
    {
        int page = ordinal >> PageBits;
        if (page >= _pages.Length) { Array.Resize(ref _pages, Math.Max(page + 1, _pages.Length * 2)); }

        (_pages[page] ??= new ushort[PageSize])[ordinal & (PageSize - 1)] = code;
    }

    private InvalidOperationException Broken(int ordinal, string what) => new($"Row {number}:{ordinal} {what}.");
}
