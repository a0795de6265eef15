namespace LaionStream.Search.Subsets;

/// <summary>How far a subset is; read from another thread.</summary>
public sealed class SubsetProgress
{
    private readonly Lock _gate = new();
    private string? _step;
    private long _rows;
    private Func<double>? _percent;

    /// <summary>What is done now, for people, how many rows of the inputs it has read, and how many there are.</summary>
    /// <value>Null before it begins and after it ended.</value>
    public (string Step, long Done, long Total)? Now
    {
        get { lock (_gate) { return _step is { } step ? (step, (long)(_rows * Math.Clamp(_percent!(), 0, 100) / 100), _rows) : null; } }
    }

    /// <summary>Begins a step.</summary>
    /// <param name="step">What is done.</param>
    /// <param name="rows">Rows of the inputs.</param>
    /// <param name="percent">The share of them that was read.</param>
    internal void Begin(string step, long rows, Func<double> percent)
    {
        lock (_gate) { (_step, _rows, _percent) = (step, rows, percent); }
    }

    /// <summary>After this the engine is asked no more, and may be closed.</summary>
    internal void End()
    {
        lock (_gate) { (_step, _percent) = (null, null); }
    }
}
