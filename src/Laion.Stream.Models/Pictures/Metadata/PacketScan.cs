namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// Finds XMP by its text, as the XMP specification (part 1, 7.3) allows for formats that a program does not parse. GIF and TIFF store packets in one piece.
/// </summary>
internal static class PacketScan
{
    /// <summary>Adds the packets.</summary>
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks blocks)
    {
        ReadOnlySpan<byte> end = "</x:xmpmeta>"u8;
        while (blocks.Xmp.Count < MetadataBlocks.Most)
        {
            int start = file.Span.IndexOf("<x:xmpmeta"u8);
            if (start < 0) { return; }
            file = file[start..];
            int length = file.Span.IndexOf(end);
            if (length < 0) { return; }
            blocks.AddXmp(file[..(length + end.Length)]);
            file = file[(length + end.Length)..];
        }
    }
}
