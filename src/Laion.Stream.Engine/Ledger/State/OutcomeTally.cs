using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Every row's standing outcome, recounted from ledger and manifest alone.</summary>
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

    /// <summary>Takes a ledger record. Restated outcomes repeat others and are left out, so that only first-hand records count.</summary>
    public void Add(LedgerOutcomes outcomes)
    {
        if (outcomes.IsRestated) { return; }

        FileLedger file = FileOf(outcomes.FileNumber);
        foreach (LedgerGroup group in outcomes.Groups)
        {
            foreach ((int first, int count) in group.Ranges)
            {
                for (int ordinal = first; ordinal < first + count; ordinal++) { file.Load(ordinal, group.Code); }
            }
        }
    }

    /// <summary>Takes a commit.</summary>
    /// <param name="entry">Its manifest line.</param>
    /// <param name="again">Called for each row that an earlier commit has too.</param>
    public void Add(ManifestEntry entry, Action again)
    {
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
