namespace LaionStream.Engine.Flow;

/// <summary>A wait inside a stage's call; disposing it resumes the call's time.</summary>
internal readonly struct WorkWait : IDisposable
{
    private readonly StageWork? _work;

    internal WorkWait(StageWork? work)
    {
        _work = work;
        work?.BeginWait();
    }

    /// <inheritdoc/>
    public void Dispose() => _work?.EndWait();
}
