namespace LaionStream.Models.Pictures.Metadata;

/// <summary>Takes items from the places that the <c>iloc</c> box names (ISO/IEC 14496-12, 8.11.3).</summary>
internal static class HeifItems
{
    private const int MostExtents = 1024;

    /// <summary>Adds the items as XMP.</summary>
    /// <param name="places">Content of the box.</param>
    /// <param name="wanted">Their numbers.</param>
    /// <param name="data">Content of the <c>idat</c> box.</param>
    /// <param name="file">The file.</param>
    /// <param name="blocks">Receives them.</param>
    public static void Take(ReadOnlySpan<byte> places, HashSet<uint> wanted, ReadOnlySpan<byte> data, ReadOnlyMemory<byte> file, MetadataBlocks blocks)
    {
        var reader = new BigEndianReader(places);
        int version = (int)reader.Number(1);
        reader.Take(3);
        int sizes = (int)reader.Number(2);
        (int offsetSize, int lengthSize, int baseSize) = (sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15);
        int indexSize = version > 0 ? sizes & 15 : 0;
        ulong items = reader.Number(version < 2 ? 2 : 4);
        ReadOnlyMemory<byte>? inside = null;
        int taken = 0;
        if (version > 2 || Math.Max(Math.Max(offsetSize, lengthSize), Math.Max(baseSize, indexSize)) > 8) { return; }

        for (ulong i = 0; i < items && taken < MetadataBlocks.Most && !reader.IsBroken && reader.Left > 0; i++) // each item has at least six bytes
        {
            uint item = (uint)reader.Number(version < 2 ? 2 : 4);
            int method = version > 0 ? (int)reader.Number(2) & 15 : 0;
            reader.Take(2); // which file: this one
            ulong start = reader.Number(baseSize);
            int extents = (int)reader.Number(2);
            int extentBytes = indexSize + offsetSize + lengthSize;
            if (!wanted.Contains(item) || method > 1)
            {
                reader.Take(extents * extentBytes);
                continue;
            }

            taken++;
            ReadOnlyMemory<byte> whole = method == 1 ? inside ??= data.ToArray() : file;
            var pieces = new List<ReadOnlyMemory<byte>>();
            for (int extent = 0; extent < Math.Min(extents, MostExtents) && !reader.IsBroken; extent++)
            {
                reader.Take(indexSize);
                ulong offset = reader.Number(offsetSize);
                ulong length = reader.Number(lengthSize);
                pieces.Add(Piece(whole, start, offset, length));
            }

            if (pieces.Count > 0) { blocks.AddXmp(BlockPieces.Join(pieces)); }
            if (extents > MostExtents) { return; }
        }
    }

    /// <summary>The bytes of an extent; a length of 0 means up to the end.</summary>
    private static ReadOnlyMemory<byte> Piece(ReadOnlyMemory<byte> whole, ulong start, ulong offset, ulong length)
    {
        ulong size = (ulong)whole.Length;
        if (start > size || offset > size - start) { return default; }

        ulong from = start + offset;
        ulong left = size - from;
        return whole.Slice((int)from, (int)(length == 0 || length > left ? left : length));
    }
}
