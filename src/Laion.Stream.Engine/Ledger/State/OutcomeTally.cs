using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Every row's current outcome, recounted from the ledger and the manifest alone.</summary>
internal sealed class OutcomeTally
{
    private readonly Dictionary<int, FileLedger> _files = [];
    private readonly OutputSets _sets = new();

    /// <summary>The output sets by number.</summary>
    public IReadOnlyList<string> Sets => _sets.Names;

    /// <summary>All files together.</summary>
    public OutcomeCounts Total
    {
        get
        {
            var total = new OutcomeCounts();
            foreach (FileLedger file in _files.Values) { file.AddTo(total); }
            return total;
        }
    }

    /// <summary>One file's counts.</summary>
    public OutcomeCounts Of(int fileNumber)
    {
        var counts = new OutcomeCounts();
        if (_files.TryGetValue(fileNumber, out FileLedger? ledger)) { ledger.AddTo(counts); }
        return counts;
    }

    /// <summary>Adds a ledger record. Snapshots are ignored: they only repeat other records.</summary>
    public void Add(LedgerOutcomes outcomes)
    {
        if (outcomes.IsSnapshot) { return; }

        FileLedger file = FileOf(outcomes.FileNumber);
        foreach (LedgerGroup group in outcomes.Groups)
        {
            foreach ((int first, int count) in group.Ranges)
            {
                for (int ordinal = first; ordinal < first + count; ordinal++) { file.Load(ordinal, group.Code); }
            }
        }
    }

    /// <summary>Adds a commit; one of dropped rows has its outcomes in the ledger.</summary>
    /// <param name="entry">Its manifest line.</param>
    /// <param name="again">Called for each row that an earlier commit already contains.</param>
    public void Add(ManifestEntry entry, Action again)
    {
        if (entry.Dropped > 0) { return; }

        ushort code = OutcomeCode.OfKept(_sets.NumberOf(entry.Set));
        foreach ((int number, string ranges) in entry.RowsByFile)
        {
            FileLedger file = FileOf(number);
            foreach ((int first, int count) in RowRanges.Parse(ranges))
            {
                for (int ordinal = first; ordinal < first + count; ordinal++)
                {
                    if (!file.Load(ordinal, code)) { again(); }
                }
            }
        }
    }

    private FileLedger FileOf(int number)
    {
        if (!_files.TryGetValue(number, out FileLedger? file)) { _files[number] = file = new FileLedger(number, TimeProvider.System); }
        return file;
    }
}
