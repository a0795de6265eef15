namespace LaionStream.Engine.Tests.Output;

/// <summary>What a row owns; counts how often it was given back.</summary>
internal sealed class CountedPayload : IDisposable
{
    public int GivenBack { get; private set; }

    public bool IsGivenBack => GivenBack > 0;

    public void Dispose() => GivenBack++;
}
