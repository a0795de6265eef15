
namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Adds the bytes read from a file to its health counts.</summary>
internal sealed class CountedStream(Stream inner, InputHealth health) : PassThroughStream(inner)
{
    /// <inheritdoc/>
    protected override void Saw(ReadOnlySpan<byte> bytes) => health.Bytes += bytes.Length;
}
