using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Every row's standing verdict, recounted from ledger and manifest alone.</summary>
internal sealed class VerdictTally
{
    private readonly Dictionary<int, ShardLedger> _shards = [];
    private readonly OutputSets _sets = new();

    /// <summary>The output sets by number.</summary>
    public IReadOnlyList<string> Sets => _sets.Names;

    /// <summary>All files together.</summary>
    public VerdictCounts Total
    {
        get
        {
            var total = new VerdictCounts();
            foreach (ShardLedger shard in _shards.Values) { shard.AddTo(total); }
            return total;
        }
    }

    /// <summary>One file's counts.</summary>
    public VerdictCounts Of(int shard)
    {
        var counts = new VerdictCounts();
        if (_shards.TryGetValue(shard, out ShardLedger? ledger)) { ledger.AddTo(counts); }
        return counts;
    }

    /// <summary>Takes a ledger record. Restated verdicts repeat others and are left out, so that only first-hand records count.</summary>
    public void Add(LedgerVerdicts verdicts)
    {
        if (verdicts.IsRestated) { return; }

        ShardLedger shard = Shard(verdicts.Shard);
        foreach (LedgerGroup group in verdicts.Groups)
        {
            foreach ((int first, int count) in group.Ranges)
            {
                for (int ordinal = first; ordinal < first + count; ordinal++) { shard.Load(ordinal, group.Code); }
            }
        }
    }

    /// <summary>Takes a commit.</summary>
    /// <param name="entry">Its manifest line.</param>
    /// <param name="again">Called for each row that an earlier commit has too.</param>
    public void Add(ManifestEntry entry, Action again)
    {
        ushort code = VerdictCode.OfKept(_sets.NumberOf(entry.Set));
        foreach ((int number, string ranges) in entry.Shards)
        {
            ShardLedger shard = Shard(number);
            foreach ((int first, int count) in RowRanges.Parse(ranges))
            {
                for (int ordinal = first; ordinal < first + count; ordinal++)
                {
                    if (!shard.Load(ordinal, code)) { again(); }
                }
            }
        }
    }

    private ShardLedger Shard(int number)
    {
        if (!_shards.TryGetValue(number, out ShardLedger? shard)) { _shards[number] = shard = new ShardLedger(number, TimeProvider.System); }
        return shard;
    }
}
