using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>The rows of one unfinished input file: two bytes a row in pages, the outcomes that are not on disk yet, and the hashes of rows without an outcome.</summary>
/// <remarks>Safe for many threads; nothing waits for the disk under its lock.</remarks>
internal sealed class FileLedger(int number, TimeProvider clock)
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;
    private const int PieceRanges = 1 << 16;

    private readonly Lock _gate = new();
    private readonly OutcomeCounts _counts = new();
    private readonly Dictionary<int, long> _claims = [];
    private readonly Dictionary<int, ushort> _standing = [];
    private readonly RowSet _again = new();
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

    /// <summary>Whether every row has an outcome and none of them waits for the disk.</summary>
    public bool IsComplete
    {
        get { lock (_gate) { return IsSealed && _inFlight == 0 && _pending.Count == 0; } }
    }

    /// <summary>Time since a row of this file last got an outcome.</summary>
    public TimeSpan Idle => clock.GetElapsedTime(Volatile.Read(ref _progress));

    /// <summary>Whether the row has an outcome and was not asked for again.</summary>
    public bool IsSettled(int ordinal)
    {
        lock (_gate) { return OutcomeCode.IsOutcome(Get(ordinal)) && !_again.Contains(ordinal); }
    }

    /// <summary>Whether the row claimed a hash, now or in an earlier session that left an outcome.</summary>
    public bool Owns(int ordinal)
    {
        lock (_gate) { return OutcomeCode.IsOwner(Get(ordinal)); }
    }

    /// <summary>The row has claimed a hash: it will be written with the row's outcome.</summary>
    public void Claim(int ordinal, long hash)
    {
        lock (_gate)
        {
            _claims[ordinal] = hash;
            Set(ordinal, OutcomeCode.Owned(Get(ordinal)));
        }
    }

    /// <summary>The row enters the graph.</summary>
    /// <exception cref="InvalidOperationException">It is there already, or has an outcome that nobody asked to repeat.</exception>
    public void Admit(int ordinal)
    {
        lock (_gate)
        {
            ushort code = Get(ordinal);
            if (OutcomeCode.Bare(code) == OutcomeCode.InFlight) { throw Broken(ordinal, "entered the graph twice"); }
            if (OutcomeCode.IsOutcome(code))
            {
                if (!_again.Contains(ordinal)) { throw Broken(ordinal, "entered the graph although it has an outcome"); }
                _standing[ordinal] = code; // counts and restatements keep the old outcome until the new one is there
            }

            Set(ordinal, OutcomeCode.Owned(OutcomeCode.InFlight));
            _inFlight++;
        }
    }

    /// <summary>The pump's own outcome on a row that never enters the graph.</summary>
    /// <exception cref="InvalidOperationException">The row has another outcome, or is in the graph.</exception>
    public void Reject(int ordinal, ushort code)
    {
        lock (_gate)
        {
            if (Get(ordinal) != OutcomeCode.None) { throw Broken(ordinal, "was rejected although it is in the graph or has an outcome"); }

            Set(ordinal, code);
            Settle(ordinal, code, null);
        }
    }

    /// <summary>The row ended in the graph.</summary>
    /// <exception cref="InvalidOperationException">The row is not in the graph.</exception>
    public void Drop(int ordinal, ushort code)
    {
        lock (_gate)
        {
            Leave(ordinal, OutcomeCode.Owned(code));
            long? hash = _claims.Remove(ordinal, out long claimed) ? claimed : null;
            Settle(ordinal, OutcomeCode.Owned(code), hash);
        }
    }

    /// <summary>The row is durable in a visible file.</summary>
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

    /// <summary>The hash a row in the graph has claimed, or null.</summary>
    public long? ClaimOf(int ordinal)
    {
        lock (_gate) { return _claims.TryGetValue(ordinal, out long hash) ? hash : null; }
    }

    /// <summary>The file has been read to its end.</summary>
    /// <param name="read">Rows read, settled ones included.</param>
    /// <returns>Rows known; more than <paramref name="read"/> when the file has shrunk since an earlier session.</returns>
    /// <exception cref="InvalidOperationException">Rows were read that nobody accounted for.</exception>
    public long Seal(long read)
    {
        lock (_gate)
        {
            long known = _counts.Links - _standing.Count + _inFlight;
            if (read > known)
            {
                throw new InvalidOperationException($"Input file {number}: {read} rows were read, but only {known} were admitted, rejected or settled before.");
            }

            IsSealed = true;
            return known;
        }
    }

    /// <summary>Takes the outcomes that are not on disk.</summary>
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
    /// Gives every standing outcome as ascending ranges, in pieces, so that a file of a hundred million rows needs no list of them. A drop that comes while
    /// they are read is in them, or in what <see cref="TakePending"/> gives afterwards, or in both. Commits must not come meanwhile.
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

    /// <summary>Takes a durable outcome from an earlier session; a later one replaces an earlier one, and kept stays kept.</summary>
    /// <returns>False when the row was kept already, so that nothing changed.</returns>
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

    /// <summary>Asks for a row with an outcome again.</summary>
    public void AskAgain(int ordinal)
    {
        lock (_gate) { _again.Set(ordinal, 1, true); }
    }

    /// <summary>Adds this file's counts to a total.</summary>
    public void AddTo(OutcomeCounts total)
    {
        lock (_gate) { total.Add(_counts); }
    }

    private bool AddPage(int page, List<OutcomeRange> ranges)
    {
        lock (_gate)
        {
            if (page >= _pages.Length) { return false; }
            if (_pages[page] is not { } codes) { return true; }

            for (int i = 0; i < PageSize; i++)
            {
                int ordinal = (page << PageBits) + i;
                ushort code = _standing.TryGetValue(ordinal, out ushort old) ? old : codes[i];
                if (OutcomeCode.IsOutcome(code)) { OutcomeRange.Append(ranges, ordinal, code); }
            }

            return true;
        }
    }

    private void Leave(int ordinal, ushort code)
    {
        if (OutcomeCode.Bare(Get(ordinal)) != OutcomeCode.InFlight) { throw Broken(ordinal, "got an outcome but is not in the graph"); }

        Set(ordinal, code);
        _inFlight--;
        _again.Set(ordinal, 1, false);
        if (_standing.Remove(ordinal, out ushort old)) { _counts.Add(old, -1); }
    }

    private void Settle(int ordinal, ushort code, long? hash)
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
