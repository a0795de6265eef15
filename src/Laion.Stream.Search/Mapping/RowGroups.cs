namespace LaionStream.Search.Mapping;

/// <summary>Rows in groups around centres (k-means): the nearest rows of a row are sought in the groups that are near it.</summary>
internal sealed class RowGroups
{
    private const int RowsACentre = 40; // of those that the centres are made of
    private const int Rounds = 6;

    private RowGroups(Matrix centres, int[] starts, int[] order) => (Centres, Starts, Order) = (centres, starts, order);

    /// <summary>The centres.</summary>
    public Matrix Centres { get; }

    /// <summary>Where each group begins in <see cref="Order"/>; and its end.</summary>
    public int[] Starts { get; }

    /// <summary>The rows, group by group.</summary>
    public int[] Order { get; }

    /// <summary>Groups rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="count">How many groups; not more than rows.</param>
    /// <param name="seed">The map's seed.</param>
    /// <param name="work">How to work.</param>
    public static RowGroups Of(Matrix rows, int count, long seed, MapWork work)
    {
        int[] learned = Drawn(rows.Rows, Math.Min(rows.Rows, count * RowsACentre), seed);
        var centres = new Matrix(count, rows.Width);
        for (int centre = 0; centre < count; centre++) { rows[learned[centre]].CopyTo(centres[centre]); }
        var nearest = new int[learned.Length];
        for (int round = 0; round < Rounds; round++)
        {
            work.ForPieces(learned.Length, (from, to) =>
            {
                for (int at = from; at < to; at++) { nearest[at] = Nearest(centres, rows[learned[at]]); }
            });
            Move(centres, rows, learned, nearest);
        }

        var groups = new int[rows.Rows];
        work.ForPieces(rows.Rows, (from, to) =>
        {
            for (int row = from; row < to; row++) { groups[row] = Nearest(centres, rows[row]); }
        });
        return Sorted(centres, groups);
    }

    // The first of a shuffle.
    private static int[] Drawn(int from, int count, long seed)
    {
        int[] all = [.. Enumerable.Range(0, from)];
        var random = new MapRandom(seed, 2, 0);
        for (int at = 0; at < count; at++)
        {
            int other = at + random.Below(from - at);
            (all[at], all[other]) = (all[other], all[at]);
        }

        return all[..count];
    }

    private static int Nearest(Matrix centres, ReadOnlySpan<float> row)
    {
        (int best, float least) = (0, float.PositiveInfinity);
        for (int centre = 0; centre < centres.Rows; centre++)
        {
            float distance = Lanes.Distance(row, centres[centre]);
            if (distance < least) { (best, least) = (centre, distance); }
        }

        return best;
    }

    // By one thread, in the order of the rows. A centre without rows stays where it is.
    private static void Move(Matrix centres, Matrix rows, int[] learned, int[] nearest)
    {
        var sums = new Matrix(centres.Rows, centres.Width);
        var counts = new int[centres.Rows];
        for (int at = 0; at < learned.Length; at++)
        {
            Lanes.AddScaled(sums[nearest[at]], rows[learned[at]], 1);
            counts[nearest[at]]++;
        }

        for (int centre = 0; centre < centres.Rows; centre++)
        {
            if (counts[centre] == 0) { continue; }
            centres[centre].Clear();
            Lanes.AddScaled(centres[centre], sums[centre], 1f / counts[centre]);
        }
    }

    private static RowGroups Sorted(Matrix centres, int[] groups)
    {
        var starts = new int[centres.Rows + 1];
        foreach (int group in groups) { starts[group + 1]++; }
        for (int group = 0; group < centres.Rows; group++) { starts[group + 1] += starts[group]; }
        var order = new int[groups.Length];
        int[] next = [.. starts];
        for (int row = 0; row < groups.Length; row++) { order[next[groups[row]]++] = row; }
        return new RowGroups(centres, starts, order);
    }
}
