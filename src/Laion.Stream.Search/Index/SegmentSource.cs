using LaionStream.Search.Outputs;

namespace LaionStream.Search.Index;

/// <summary>Ties the slices of a segment to the files of vectors that they were read from.</summary>
internal static class SegmentSource
{
    /// <summary>The slice that a range becomes.</summary>
    public static SegmentSlice SliceOf(RowRange range)
    {
        VectorPart part = range.Block.Part;
        var file = new FileInfo(range.Block.Vectors!.Path);
        return DigestOf(range.Block) is { } digest
            ? new SegmentSlice(part.Commit, part.VectorPath!, range.From, range.Rows, part.Rows, file.Length) { Sha256 = digest }
            : new SegmentSlice(0, part.VectorPath!, range.From, range.Rows, part.Rows, file.Length) { Changed = ChangedOf(file) };
    }

    /// <summary>The digest of a part's vectors by the output's manifest; null for another program's embeddings.</summary>
    public static string? DigestOf(VectorBlock block) => block.Part.Output?.Entry.Files.FirstOrDefault(file => file.Path == block.Part.VectorPath)?.Sha256;

    /// <summary>Whether another program's file is the one that was indexed, by size and time.</summary>
    public static bool IsSame(SegmentSlice slice, VectorBlock block)
    {
        var file = new FileInfo(block.Vectors!.Path);
        return slice.PartRows == block.Part.Rows && slice.Bytes == file.Length && slice.Changed == ChangedOf(file);
    }

    /// <summary>Reads a part's file and compares its digest with the manifest's.</summary>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public static void CheckDigest(VectorBlock block)
    {
        if (DigestOf(block) is not { } digest) { return; }

        if (FileDigest.Of(block.Vectors!.Path).Sha256 != digest)
        {
            throw new InvalidDataException($"'{block.Vectors.Path}' is damaged: its digest is not the one in the output's manifest.");
        }
    }

    private static long ChangedOf(FileInfo file) => new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds();
}
