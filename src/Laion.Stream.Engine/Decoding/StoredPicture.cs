namespace LaionStream.Engine.Decoding;

/// <summary>An encoded picture on its way to the output, with the budget bytes that it occupies. Disposing returns them, once.</summary>
/// <param name="Bytes">The file; not to be read after disposal.</param>
/// <param name="Extension">The extension of its format, without a dot.</param>
/// <param name="Width">Width in pixels, as displayed.</param>
/// <param name="Height">Height in pixels, as displayed.</param>
/// <param name="Owner">The owner of the bytes: a pooled body, or a lease of its own; null when no budget applies.</param>
public sealed record StoredPicture(ReadOnlyMemory<byte> Bytes, string Extension, int Width, int Height, IDisposable? Owner) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Owner?.Dispose();
}
