namespace LaionStream.Engine.Run;

/// <summary>Where the program around the engine reads the numbers of the run in progress.</summary>
internal sealed class RunGlances
{
    private volatile Func<RunGlance>? _look;

    /// <summary>A run has begun to read its inputs.</summary>
    /// <param name="look">Reads its numbers.</param>
    public void Open(Func<RunGlance> look) => _look = look;

    /// <summary>The run has ended.</summary>
    public void Close() => _look = null;

    /// <summary>The numbers now; null while no run reads inputs.</summary>
    public RunGlance? Look() => _look?.Invoke();
}
