namespace LaionStream.Models.Pictures.Metadata;

/// <summary>Joins a block that a file stores in pieces.</summary>
internal static class BlockPieces
{
    /// <summary>Places pieces at their offsets; bytes without a piece are zero.</summary>
    /// <param name="length">Length of the whole, as the file says.</param>
    /// <param name="pieces">The pieces; what lies outside the whole is ignored.</param>
    public static byte[] Place(long length, IReadOnlyList<(long Offset, ReadOnlyMemory<byte> Bytes)> pieces)
    {
        // A file may announce any length: no more is allocated than its pieces could fill.
        long reached = pieces.Count == 0 ? 0 : pieces.Max(piece => piece.Offset > MetadataBlocks.MostBytes ? 0 : piece.Offset + piece.Bytes.Length);
        byte[] whole = new byte[Math.Min(Math.Min(length, reached), Math.Min(MetadataBlocks.MostBytes, pieces.Sum(piece => (long)piece.Bytes.Length)))];
        foreach ((long offset, ReadOnlyMemory<byte> bytes) in pieces)
        {
            if (offset >= whole.Length) { continue; }
            bytes.Span[..(int)Math.Min(bytes.Length, whole.Length - offset)].CopyTo(whole.AsSpan((int)offset));
        }

        return whole;
    }

    /// <summary>Puts pieces one behind the other.</summary>
    public static ReadOnlyMemory<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        if (pieces.Count == 1) { return pieces[0]; }

        byte[] whole = new byte[Math.Min(MetadataBlocks.MostBytes, pieces.Sum(piece => (long)piece.Length))];
        int at = 0;
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            int length = Math.Min(piece.Length, whole.Length - at);
            piece.Span[..length].CopyTo(whole.AsSpan(at));
            at += length;
        }

        return whole;
    }
}
