namespace LaionStream.Engine.Decoding;

/// <summary>An encoded picture on its way to the output, with the budget bytes that it occupies. Disposing gives them back, once.</summary>
/// <param name="Bytes">The file; not to be read after disposal.</param>
/// <param name="Extension">The ending that tells its format, without a dot.</param>
/// <param name="Width">Pixels across, as shown.</param>
/// <param name="Height">Pixels down, as shown.</param>
/// <param name="Owner">What the bytes belong to: a pooled body, or the lease of bytes of its own; null when no budget applies.</param>
public sealed record StoredPicture(ReadOnlyMemory<byte> Bytes, string Extension, int Width, int Height, IDisposable? Owner) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Owner?.Dispose();
}
