using System.Runtime.InteropServices;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// The order of outcomes in the ledger: by code, those that claimed a hash before the others, then by row. The pump's outcomes come in the order of their rows
/// already, so that grouping them by their few codes is nearly all of the work; comparing each with each took 2 % of an <c>extract</c>.
/// </summary>
internal static class OutcomeOrder
{
    /// <summary>The outcomes in order.</summary>
    public static PendingOutcome[] Of(List<PendingOutcome> outcomes)
    {
        ReadOnlySpan<PendingOutcome> given = CollectionsMarshal.AsSpan(outcomes);
        Dictionary<int, int> next = Starts(given);
        var ordered = new PendingOutcome[given.Length];
        var unsorted = new HashSet<int>();
        foreach (PendingOutcome outcome in given)
        {
            int group = GroupOf(outcome);
            int place = next[group]++;
            ordered[place] = outcome;
            if (place > 0 && ordered[place - 1] is var before && GroupOf(before) == group && before.Ordinal > outcome.Ordinal) { unsorted.Add(group); }
        }

        foreach (int group in unsorted)
        {
            int end = next[group];
            int start = end;
            while (start > 0 && GroupOf(ordered[start - 1]) == group) { start--; }
            ordered.AsSpan(start, end - start).Sort(static (a, b) => a.Ordinal.CompareTo(b.Ordinal));
        }

        return ordered;
    }

    /// <summary>Where each group begins.</summary>
    private static Dictionary<int, int> Starts(ReadOnlySpan<PendingOutcome> outcomes)
    {
        var counts = new Dictionary<int, int>();
        foreach (PendingOutcome outcome in outcomes) { CollectionsMarshal.GetValueRefOrAddDefault(counts, GroupOf(outcome), out _)++; }

        int start = 0;
        int[] groups = [.. counts.Keys];
        Array.Sort(groups);
        foreach (int group in groups)
        {
            int count = counts[group];
            counts[group] = start;
            start += count;
        }

        return counts;
    }

    private static int GroupOf(in PendingOutcome outcome) => (outcome.Code << 1) | (outcome.Hash is null ? 1 : 0);
}
