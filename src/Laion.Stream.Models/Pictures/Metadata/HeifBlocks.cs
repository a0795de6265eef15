namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// Finds XMP in the items of AVIF and HEIC files (ISO/IEC 23008-12, 6.2 and annex A: an item of type <c>mime</c> with content type
/// <c>application/rdf+xml</c>), and C2PA in a <c>uuid</c> box (C2PA 2.2, A.3.6).
/// </summary>
internal static class HeifBlocks
{
    private const int MostItems = 4096;

    private static ReadOnlySpan<byte> C2paId => [0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81];

    private static ReadOnlySpan<byte> XmpId => [0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC];

    /// <summary>Adds what is there.</summary>
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks blocks)
    {
        var reader = new BigEndianReader(file.Span);
        while (reader.TryBox(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content))
        {
            if (name.SequenceEqual("meta"u8) && content.Length > 4) { FindItems(content[4..], file, blocks); }
            else if (name.SequenceEqual("uuid"u8) && content.Length > 16) { TakeUuid(content, blocks); }
        }
    }

    private static void TakeUuid(ReadOnlySpan<byte> content, MetadataBlocks blocks)
    {
        var reader = new BigEndianReader(content);
        ReadOnlySpan<byte> id = reader.Take(16);
        if (id.SequenceEqual(XmpId)) { blocks.AddXmp(content[16..].ToArray()); }
        if (!id.SequenceEqual(C2paId)) { return; }

        reader.Take(4); // version and flags
        ReadOnlySpan<byte> purpose = reader.Text();
        reader.Take(8); // offset of another box
        if (!reader.IsBroken && !purpose.SequenceEqual("merkle"u8)) { blocks.AddC2pa(reader.Take(reader.Left).ToArray()); }
    }

    private static void FindItems(ReadOnlySpan<byte> meta, ReadOnlyMemory<byte> file, MetadataBlocks blocks)
    {
        ReadOnlySpan<byte> infos = default, places = default, data = default;
        var reader = new BigEndianReader(meta);
        while (reader.TryBox(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content))
        {
            if (name.SequenceEqual("iinf"u8)) { infos = content; }
            else if (name.SequenceEqual("iloc"u8)) { places = content; }
            else if (name.SequenceEqual("idat"u8)) { data = content; }
        }

        if (XmpItems(infos) is { Count: > 0 } items) { HeifItems.Take(places, items, data, file, blocks); }
    }

    /// <summary>The numbers of the items that are XMP.</summary>
    private static HashSet<uint> XmpItems(ReadOnlySpan<byte> infos)
    {
        var items = new HashSet<uint>();
        var reader = new BigEndianReader(infos);
        int version = (int)reader.Number(1);
        reader.Take(3);
        reader.Number(version == 0 ? 2 : 4); // their number, which the boxes show as well
        for (int i = 0; i < MostItems && reader.TryBox(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content); i++)
        {
            if (name.SequenceEqual("infe"u8) && XmpItem(content) is { } item) { items.Add(item); }
        }

        return items;
    }

    private static uint? XmpItem(ReadOnlySpan<byte> info)
    {
        var reader = new BigEndianReader(info);
        int version = (int)reader.Number(1);
        reader.Take(3);
        if (version is not (2 or 3)) { return null; }

        uint item = (uint)reader.Number(version == 2 ? 2 : 4);
        reader.Take(2); // protection
        ReadOnlySpan<byte> type = reader.Take(4);
        reader.Text(); // the item's name
        return type.SequenceEqual("mime"u8) && reader.Text().SequenceEqual("application/rdf+xml"u8) ? item : null;
    }
}
