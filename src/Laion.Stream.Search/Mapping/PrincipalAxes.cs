namespace LaionStream.Search.Mapping;

/// <summary>The directions in which vectors differ most, by orthogonal iteration over their covariance.</summary>
internal sealed class PrincipalAxes
{
    private const int MostRows = 10_000; // of a covariance: more change the first fifty axes little
    private const int Rounds = 40;

    private readonly float[] _mean;
    private readonly Matrix _axes;

    private PrincipalAxes(float[] mean, Matrix axes) => (_mean, _axes) = (mean, axes);

    /// <summary>Finds the axes of rows.</summary>
    /// <param name="count">How many rows there are.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="most">Most axes.</param>
    /// <param name="read">Copies a row to where it is told.</param>
    /// <param name="seed">The map's seed.</param>
    /// <param name="work">How to work.</param>
    public static PrincipalAxes Of(int count, int width, int most, Action<int, Span<float>> read, long seed, MapWork work)
    {
        int used = Math.Min(count, MostRows);
        var rows = new Matrix(used, width);
        var mean = new double[width];
        for (int at = 0; at < used; at++)
        {
            read((int)((long)at * count / used), rows[at][..width]);
            for (int i = 0; i < width; i++) { mean[i] += rows[at][i]; }
        }

        float[] centre = new float[Lanes.RoundUp(width)];
        for (int i = 0; i < width; i++) { centre[i] = (float)(mean[i] / used); }
        for (int at = 0; at < used; at++) { Lanes.AddScaled(rows[at], centre, -1); }
        return new PrincipalAxes(centre, Iterate(Covariance(rows, work), Math.Min(most, width), seed, work));
    }

    /// <summary>The axes' number.</summary>
    public int Count => _axes.Rows;

    /// <summary>A row's coordinates along the axes.</summary>
    /// <param name="row">Its numbers, in whole lanes; they are overwritten.</param>
    /// <param name="to">Receives the coordinates.</param>
    public void Project(Span<float> row, Span<float> to)
    {
        Lanes.AddScaled(row, _mean, -1);
        for (int axis = 0; axis < _axes.Rows; axis++) { to[axis] = Lanes.Dot(row, _axes[axis]); }
    }

    private static Matrix Covariance(Matrix rows, MapWork work)
    {
        var covariance = new Matrix(rows.Width, rows.Width);
        Parallel.For(0, rows.Width, new ParallelOptions { MaxDegreeOfParallelism = work.Threads, CancellationToken = work.Abort }, i =>
        {
            for (int at = 0; at < rows.Rows; at++) { Lanes.AddScaled(covariance[i], rows[at], rows[at][i]); }
        });
        return covariance;
    }

    private static Matrix Iterate(Matrix covariance, int count, long seed, MapWork work)
    {
        int width = covariance.Width;
        (Matrix axes, Matrix next) = (new Matrix(count, width), new Matrix(count, width));
        for (int axis = 0; axis < count; axis++)
        {
            var random = new MapRandom(seed, 1, axis);
            for (int i = 0; i < width; i++) { axes[axis][i] = (random.Below(1 << 20) / (float)(1 << 19)) - 1; }
        }

        Orthonormalize(axes);
        for (int round = 0; round < Rounds; round++)
        {
            work.Abort.ThrowIfCancellationRequested();
            for (int axis = 0; axis < count; axis++)
            {
                for (int i = 0; i < width; i++) { next[axis][i] = Lanes.Dot(covariance[i], axes[axis]); }
            }

            Orthonormalize(next);
            (axes, next) = (next, axes);
        }

        return axes;
    }

    // An axis along which nothing differs becomes zero: its coordinates are then all zero.
    private static void Orthonormalize(Matrix axes)
    {
        for (int axis = 0; axis < axes.Rows; axis++)
        {
            Span<float> row = axes[axis];
            float before = MathF.Sqrt(Lanes.Dot(row, row));
            for (int other = 0; other < axis; other++) { Lanes.AddScaled(row, axes[other], -Lanes.Dot(row, axes[other])); }
            float length = MathF.Sqrt(Lanes.Dot(row, row));
            if (length <= before * 1e-5f || length < 1e-30f) { row.Clear(); }
            else
            {
                for (int i = 0; i < row.Length; i++) { row[i] /= length; }
            }
        }
    }
}
