namespace LaionStream.Engine.Run;

/// <summary>
/// Whether the process reads inputs: its models are loaded, its output is open and its graph is assembled. For what watches the process from outside.
/// </summary>
internal sealed class RunReadiness
{
    private volatile bool _isReady;

    /// <summary>Raised when the run has ended, while its instruments still report: the last chance to read them. Handlers return soon.</summary>
    public event Action? Ending;

    /// <summary>True from the assembly of the graph to the end of the run.</summary>
    public bool IsReady => _isReady;

    /// <summary>The graph is assembled.</summary>
    public void Begin() => _isReady = true;

    /// <summary>The run has ended; does nothing when it never began.</summary>
    public void End()
    {
        if (!_isReady) { return; }
        _isReady = false;
        Ending?.Invoke();
    }
}
