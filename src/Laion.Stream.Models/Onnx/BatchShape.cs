namespace LaionStream.Models.Onnx;

/// <summary>The few batch sizes that a model runs with: each new shape may require a search for kernels and a new memory plan. Pure.</summary>
internal sealed class BatchShape
{
    private readonly int[] _sizes;
    private readonly BatchLimit? _limit;
    private readonly int _made;
    private readonly int _most;
    private readonly int _steps;

    private BatchShape(int[] sizes, BatchLimit? limit = null, int made = 0, int most = 0, int steps = 0)
    {
        _sizes = sizes;
        (_limit, _made, _most, _steps) = (limit, made, most, steps);
    }

    /// <summary>All sizes, ascending; the last is the largest batch.</summary>
    public IReadOnlyList<int> Sizes => _sizes;

    /// <summary>The largest batch.</summary>
    public int Max => _sizes[^1];

    /// <summary>Sizes up to <paramref name="max"/>, each doubling divided into equal steps.</summary>
    /// <param name="max">Largest batch.</param>
    /// <param name="steps">1 pads a batch to at most twice its rows with log2(max) shapes (GPU); 4 to at most a quarter more (CPU, where padding costs
    /// time).</param>
    public static BatchShape UpTo(int max, int steps) => new(SizesUpTo(max, steps));

    /// <summary>Sizes up to a limit that may change; <see cref="Now"/> gives those of the moment.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="most">Rows beyond which more do not help, whatever the limit.</param>
    /// <param name="steps">As in <see cref="UpTo"/>.</param>
    public static BatchShape Following(BatchLimit limit, int most, int steps)
    {
        int rows = limit.Rows;
        return new BatchShape(SizesUpTo(Math.Min(rows, most), steps), limit, rows, most, steps);
    }

    /// <summary>These sizes, or those of a limit that has changed since. Sizes that were reduced for want of memory stay reduced until then.</summary>
    public BatchShape Now() => _limit is null || _limit.Rows == _made ? this : Following(_limit, _most, _steps);

    private static int[] SizesUpTo(int max, int steps)
    {
        var sizes = new SortedSet<int>();
        for (int low = 1; low < max; low *= 2)
        {
            for (int step = 0; step < steps; step++) { sizes.Add(Math.Min(max, low + (low * step / steps))); }
        }

        sizes.Add(max);
        return [.. sizes];
    }

    /// <summary>A single size: a model whose batch axis is fixed.</summary>
    public static BatchShape Fixed(int size) => new([size]);

    /// <summary>
    /// The sizes to continue with after a failure: those up to half of the size that needed too much memory; null when fewer rows would not help, or there are
    /// none.
    /// </summary>
    /// <param name="failure">The exception.</param>
    /// <param name="rows">Rows of the run that failed.</param>
    public BatchShape? SmallerFor(ModelRunException failure, int rows) =>
        failure.Failure == ModelFailure.OutOfMemory
            && _sizes.Where(size => size <= Pad(rows) / 2).ToArray() is { Length: > 0 } smaller ? new BatchShape(smaller, _limit, _made, _most, _steps) : null;

    /// <summary>The size to which a run of <paramref name="rows"/> real rows is padded.</summary>
    /// <param name="rows">1 to <see cref="Max"/>.</param>
    public int Pad(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Max);
        int at = Array.BinarySearch(_sizes, rows);
        return at >= 0 ? rows : _sizes[~at];
    }
}
