namespace LaionStream.Engine.Tests.Output;

/// <summary>A row's payload that counts how often it was disposed.</summary>
internal sealed class CountedPayload : IDisposable
{
    public int GivenBack { get; private set; }

    public bool IsGivenBack => GivenBack > 0;

    public void Dispose() => GivenBack++;
}
