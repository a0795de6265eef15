namespace LaionStream.Search.Mapping;

/// <summary>
/// Vectors on a plane: principal axes, then PaCMAP. The same vectors and seed give the same places, bit for bit, by any number of threads. Memory: about 1.2 KB
/// a vector beside the vectors themselves.
/// </summary>
internal static class MapProjection
{
    private const int Axes = 48; // whole lanes
    private const float Start = 0.01f;

    /// <summary>Projects vectors.</summary>
    /// <param name="count">How many vectors.</param>
    /// <param name="width">Numbers of a vector.</param>
    /// <param name="read">Copies a vector to where it is told, with a length of 1; is called by several threads.</param>
    /// <param name="seed">Two seeds give two maps.</param>
    /// <param name="work">How to work.</param>
    /// <returns>x and y of each vector.</returns>
    public static float[] Run(int count, int width, Action<int, Span<float>> read, long seed, MapWork work)
    {
        if (count < 3) { return [.. Enumerable.Range(0, count * 2).Select(at => at % 2 == 0 ? at : 0f)]; }

        Matrix rows = Reduced(count, width, read, seed, work);
        float[] start = StartOf(rows, seed);
        return MapLayout.Run(MapPairs.Of(rows, seed, work), start, work);
    }

    private static Matrix Reduced(int count, int width, Action<int, Span<float>> read, long seed, MapWork work)
    {
        PrincipalAxes axes = PrincipalAxes.Of(count, width, Axes, read, seed, work);
        var rows = new Matrix(count, axes.Count);
        work.ForPieces(count, (from, to) =>
        {
            var vector = new float[Lanes.RoundUp(width)];
            for (int at = from; at < to; at++)
            {
                vector.AsSpan(width).Clear();
                read(at, vector.AsSpan(0, width));
                axes.Project(vector, rows[at]);
            }
        });
        return rows;
    }

    // The first two axes, small, and never two points at one place: they could not leave each other.
    private static float[] StartOf(Matrix rows, long seed)
    {
        double spread = 0;
        for (int row = 0; row < rows.Rows; row++) { spread += rows[row][0] * (double)rows[row][0]; }
        float scale = spread > 0 ? (float)(Start / Math.Sqrt(spread / rows.Rows)) : 0;
        var start = new float[rows.Rows * 2];
        for (int row = 0; row < rows.Rows; row++)
        {
            var random = new MapRandom(seed, 5, row);
            for (int axis = 0; axis < 2; axis++)
            {
                float place = axis < rows.Width ? rows[row][axis] * scale : 0;
                start[(row * 2) + axis] = place + (Start * 1e-3f * ((random.Below(2001) / 1000f) - 1));
            }
        }

        return start;
    }
}
