namespace LaionStream.Search.Mapping;

/// <summary>
/// The pairs that shape a map, after PaCMAP (Wang, Huang, Rudin, Shaposhnik 2021): near ones keep what is alike together, mid-near ones the order of the whole,
/// further ones keep apart what is not alike.
/// </summary>
/// <param name="Near">Pairs of rows that are alike.</param>
/// <param name="MidNear">Pairs of rows nearer than chance.</param>
/// <param name="Further">Pairs of rows by chance.</param>
internal sealed record MapPairs(Partners Near, Partners MidNear, Partners Further)
{
    private const int NearMany = 10;
    private const int MidMany = 5;
    private const int FurtherMany = 20;
    private const int Spare = 15; // more are looked at than are taken: the scale of distances differs from row to row
    private const int MidDrawn = 6;
    private const int Attempts = 20; // to draw a row that is not taken; where there are hardly others, a pair is left out

    /// <summary>Chooses the pairs.</summary>
    /// <param name="rows">The rows; two at least.</param>
    /// <param name="seed">The map's seed.</param>
    /// <param name="work">How to work.</param>
    public static MapPairs Of(Matrix rows, long seed, MapWork work)
    {
        int near = Math.Min(NearMany, rows.Rows - 1);
        int[] nearest = ChooseNear(NearestLists.Of(rows, Math.Min(near + Spare, rows.Rows - 1), seed, work), rows.Rows, near, work);
        var mid = new int[rows.Rows * MidMany];
        var further = new int[rows.Rows * FurtherMany];
        work.ForPieces(rows.Rows, (from, to) =>
        {
            for (int row = from; row < to; row++)
            {
                DrawMid(rows, row, new MapRandom(seed, 3, row), mid.AsSpan(row * MidMany, MidMany));
                DrawFurther(rows.Rows, row, new MapRandom(seed, 4, row), nearest.AsSpan(row * near, near), further.AsSpan(row * FurtherMany, FurtherMany));
            }
        });
        return new MapPairs(new Partners(rows.Rows, near, nearest), new Partners(rows.Rows, MidMany, mid), new Partners(rows.Rows, FurtherMany, further));
    }

    private static int[] ChooseNear(NearestLists lists, int count, int near, MapWork work)
    {
        var scales = new float[count];
        for (int row = 0; row < count; row++) { scales[row] = Scale(lists.Distances(row)); }
        var chosen = new int[count * near];
        work.ForPieces(count, (from, to) =>
        {
            var scaled = new float[lists.Many];
            var others = new int[lists.Many];
            for (int row = from; row < to; row++)
            {
                lists.Rows(row).CopyTo(others);
                for (int at = 0; at < lists.Many; at++) { scaled[at] = lists.Distances(row)[at] / (scales[row] * scales[others[at]]); }
                SortStable(scaled, others);
                others.AsSpan(0, near).CopyTo(chosen.AsSpan(row * near, near));
            }
        });
        return chosen;
    }

    // The mean distance of the fourth to sixth nearest.
    private static float Scale(ReadOnlySpan<float> distances)
    {
        int from = Math.Min(3, distances.Length - 1);
        int to = Math.Min(6, distances.Length);
        float sum = 0;
        for (int at = from; at < to; at++) { sum += MathF.Sqrt(distances[at]); }
        return Math.Max(sum / (to - from), 1e-10f);
    }

    private static void SortStable(float[] keys, int[] items)
    {
        for (int at = 1; at < keys.Length; at++)
        {
            (float key, int item) = (keys[at], items[at]);
            int to = at;
            for (; to > 0 && keys[to - 1] > key; to--) { (keys[to], items[to]) = (keys[to - 1], items[to - 1]); }
            (keys[to], items[to]) = (key, item);
        }
    }

    /// <summary>Each time the second nearest of six rows by chance.</summary>
    private static void DrawMid(Matrix rows, int row, MapRandom random, Span<int> to)
    {
        for (int pair = 0; pair < to.Length; pair++)
        {
            (int first, int second) = (-1, -1);
            (float least, float next) = (float.PositiveInfinity, float.PositiveInfinity);
            for (int drawn = 0; drawn < MidDrawn; drawn++)
            {
                int other = random.Below(rows.Rows);
                if (other == row || other == first || other == second || to[..pair].Contains(other)) { continue; }
                float distance = Lanes.Distance(rows[row], rows[other]);
                if (distance < least) { (second, next, first, least) = (first, least, other, distance); }
                else if (distance < next) { (second, next) = (other, distance); }
            }

            to[pair] = second;
        }
    }

    private static void DrawFurther(int count, int row, MapRandom random, ReadOnlySpan<int> near, Span<int> to)
    {
        for (int pair = 0; pair < to.Length; pair++)
        {
            to[pair] = -1;
            for (int attempt = 0; attempt < Attempts && to[pair] < 0; attempt++)
            {
                int other = random.Below(count);
                if (other != row && !near.Contains(other) && !to[..pair].Contains(other)) { to[pair] = other; }
            }
        }
    }
}
