namespace LaionStream.Dataset.Parquet;

/// <summary>The step that Snappy and LZ4 share: bytes that were written before are repeated.</summary>
internal static class BackCopy
{
    /// <summary>Copies bytes of a buffer to a later place in it; where both overlap, the copied bytes repeat.</summary>
    /// <param name="buffer">Written up to <paramref name="at"/>.</param>
    /// <param name="at">Destination offset.</param>
    /// <param name="distance">How far before it the first byte is.</param>
    /// <param name="length">Number of bytes.</param>
    /// <exception cref="InvalidDataException">The bytes start before the buffer, or exceed it.</exception>
    public static void Copy(Span<byte> buffer, int at, int distance, int length)
    {
        if (distance <= 0 || distance > at || length > buffer.Length - at) { throw PageBytes.Damaged("repeats bytes that it does not have"); }
        Span<byte> into = buffer.Slice(at, length);
        if (distance >= length)
        {
            buffer.Slice(at - distance, length).CopyTo(into);
            return;
        }

        ReadOnlySpan<byte> from = buffer[(at - distance)..];
        for (int i = 0; i < length; i++) { into[i] = from[i]; }
    }
}
