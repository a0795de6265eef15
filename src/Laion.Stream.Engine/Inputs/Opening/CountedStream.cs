
namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Counts the bytes read from a file into its health.</summary>
internal sealed class CountedStream(Stream inner, InputHealth health) : PassThroughStream(inner)
{
    /// <inheritdoc/>
    protected override void Saw(ReadOnlySpan<byte> bytes) => health.Bytes += bytes.Length;
}
