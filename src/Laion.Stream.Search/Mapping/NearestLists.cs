namespace LaionStream.Search.Mapping;

/// <summary>For each row some of those nearest to it, the nearest first: all compared while there are few, else those of the groups that are near it.</summary>
internal sealed class NearestLists
{
    private const int AllBelow = 3000;
    private const int Probes = 16; // groups that are looked through, and one more for each 40 there are

    private readonly int[] _rows;
    private readonly float[] _distances;

    private NearestLists(int count, int many) => (_rows, _distances, Many) = (new int[count * many], new float[count * many], many);

    /// <summary>How many are listed for each row.</summary>
    public int Many { get; }

    /// <summary>Numbers of the rows nearest to a row.</summary>
    public ReadOnlySpan<int> Rows(int row) => _rows.AsSpan(row * Many, Many);

    /// <summary>Squares of their distances.</summary>
    public ReadOnlySpan<float> Distances(int row) => _distances.AsSpan(row * Many, Many);

    /// <summary>Finds them.</summary>
    /// <param name="rows">The rows; two at least.</param>
    /// <param name="many">How many for each; fewer than rows.</param>
    /// <param name="seed">The map's seed.</param>
    /// <param name="work">How to work.</param>
    public static NearestLists Of(Matrix rows, int many, long seed, MapWork work)
    {
        var lists = new NearestLists(rows.Rows, many);
        if (rows.Rows < AllBelow)
        {
            work.ForPieces(rows.Rows, (from, to) =>
            {
                for (int row = from; row < to; row++)
                {
                    int listed = 0;
                    for (int other = 0; other < rows.Rows; other++) { lists.Offer(row, other, Lanes.Distance(rows[row], rows[other]), ref listed); }
                }
            });
            return lists;
        }

        RowGroups groups = RowGroups.Of(rows, (int)Math.Sqrt(rows.Rows), seed, work);
        lists.Search(Arranged(rows, groups.Order, work), groups, work);
        return lists;
    }

    // The rows of a group lie together in memory, and rows of a group look through nearly the same groups.
    private static Matrix Arranged(Matrix rows, int[] order, MapWork work)
    {
        var arranged = new Matrix(rows.Rows, rows.Width);
        work.ForPieces(rows.Rows, (from, to) =>
        {
            for (int at = from; at < to; at++) { rows[order[at]].CopyTo(arranged[at]); }
        });
        return arranged;
    }

    private void Search(Matrix arranged, RowGroups groups, MapWork work)
    {
        int centres = groups.Centres.Rows;
        int probes = Math.Min(centres, Probes + (centres / 40));
        work.ForPieces(arranged.Rows, (from, to) =>
        {
            var distances = new float[centres];
            var near = new int[centres];
            for (int at = from; at < to; at++)
            {
                ReadOnlySpan<float> row = arranged[at];
                for (int centre = 0; centre < centres; centre++) { (distances[centre], near[centre]) = (Lanes.Distance(row, groups.Centres[centre]), centre); }
                Array.Sort(distances, near);
                int listed = 0;
                for (int probe = 0; listed < Many ? probe < centres : probe < probes; probe++)
                {
                    for (int other = groups.Starts[near[probe]]; other < groups.Starts[near[probe] + 1]; other++)
                    {
                        Offer(groups.Order[at], groups.Order[other], Lanes.Distance(row, arranged[other]), ref listed);
                    }
                }
            }
        });
    }

    // Of equal distances the row that was offered first stays before the others, whichever thread offers.
    private void Offer(int row, int other, float distance, ref int listed)
    {
        if (row == other) { return; }
        Span<int> rows = _rows.AsSpan(row * Many, Many);
        Span<float> distances = _distances.AsSpan(row * Many, Many);
        if (listed == Many && distance >= distances[^1]) { return; }
        int at = listed == Many ? Many - 1 : listed++;
        for (; at > 0 && distances[at - 1] > distance; at--) { (rows[at], distances[at]) = (rows[at - 1], distances[at - 1]); }
        (rows[at], distances[at]) = (other, distance);
    }
}
