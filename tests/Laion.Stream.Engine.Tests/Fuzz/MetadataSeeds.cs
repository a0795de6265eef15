using System.Text;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Metadata of pictures, valid ones and such that are meant to cost time or memory.</summary>
internal static class MetadataSeeds
{
    private const string Guid = "0123456789ABCDEF0123456789ABCDEF";

    /// <summary>XMP packets.</summary>
    public static IReadOnlyList<byte[]> Packets { get; } =
    [
        Encoding.UTF8.GetBytes(MetadataFiles.Mining("DMI-PROHIBITED")),
        Encoding.Unicode.GetBytes(MetadataFiles.Packet(elements: "<plus:DataMining><rdf:Bag><rdf:li>DMI-ALLOWED</rdf:li></rdf:Bag></plus:DataMining>")),
        new UTF32Encoding(true, true).GetBytes(MetadataFiles.Mining("DMI-PROHIBITED")),
    ];

    /// <summary>C2PA stores.</summary>
    public static IReadOnlyList<byte[]> Stores { get; } =
    [
        MetadataFiles.Training("c2pa.training-mining", "c2pa.ai_training", "notAllowed"),
        MetadataFiles.Store(
            MetadataFiles.Manifest("cawg.training-mining", MetadataFiles.Box("json", [.. """{"entries":{"cawg.data_mining":{"use":"constrained"}}}"""u8])),
            MetadataFiles.Manifest("cawg.training-mining__1", MetadataFiles.Box("cbor", MetadataFiles.Entries("cawg.ai_training", "allowed")))),
    ];

    /// <summary>Picture files of every format with metadata.</summary>
    public static IReadOnlyList<byte[]> Files { get; } =
    [
        MetadataFiles.Jpeg([MetadataFiles.Xmp(MetadataFiles.Packet($"xmpNote:HasExtendedXMP='{Guid}'")), MetadataFiles.Extension(Guid, Packets[0].Length, 0, Packets[0]),
            .. MetadataFiles.Boxes(Stores[0], 1, 200)]),
        MetadataFiles.Png("iTXt", MetadataFiles.Text(Packets[0], isCompressed: true)),
        MetadataFiles.Png("caBX", Stores[1]),
        MetadataFiles.WebP("XMP ", Packets[1]),
        MetadataFiles.Avif(Packets[0], inside: true),
        MetadataFiles.Avif(Packets[0], inside: false),
        MetadataFiles.AvifWithStore(Stores[0]),
        [.. "GIF89a"u8, .. new byte[7], .. Packets[0]],
    ];

    /// <summary>Picture files with rights fields.</summary>
    public static IReadOnlyList<byte[]> Rights { get; } = [MetadataFiles.Jpeg(MetadataFiles.Exif(true), MetadataFiles.Xmp(MetadataFiles.Rights)), MetadataFiles.Jpeg(MetadataFiles.Exif(false))];

    /// <summary>A megabyte of metadata each, meant to cost as much as possible.</summary>
    public static Lazy<IReadOnlyList<byte[]>> Bombs { get; } = new(() =>
    [
        Gif(MetadataFiles.Packet(elements: Repeat("<dc:a>", 170_000) + "<plus:DataMining/>")),
        Gif(MetadataFiles.Packet(elements: "<plus:DataMining><rdf:Bag>" + Repeat("<rdf:li>DMI-ALLOWED</rdf:li>", 36_000) + "</rdf:Bag></plus:DataMining>")),
        Gif(MetadataFiles.Packet(string.Concat(Enumerable.Range(0, 40_000).Select(i => FormattableString.Invariant($"xmlns:n{i}='u{i}' "))) + "plus:DataMining='x'")),
        Gif(MetadataFiles.Packet(string.Concat(Enumerable.Range(0, 60_000).Select(i => FormattableString.Invariant($"plus:n{i}='' "))) + "plus:DataMining='x'")),
        Gif("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>" + MetadataFiles.Packet(elements: "<plus:DataMining>&b;</plus:DataMining>")),
        Gif(Repeat(MetadataFiles.Mining("DMI-ALLOWED"), 1500)),
        MetadataFiles.Png("iTXt", MetadataFiles.Text(Encoding.UTF8.GetBytes("<x:xmpmeta>DataMining" + new string(' ', 200 << 20)), isCompressed: true)),
        MetadataFiles.Png("caBX", Nested(1000)),
        MetadataFiles.Png("caBX", MetadataFiles.Store([.. Enumerable.Repeat(MetadataFiles.Manifest("c2pa.training-mining", MetadataFiles.Box("cbor", [0xBF, .. new byte[1000]])), 800)])),
        MetadataFiles.Png("caBX", MetadataFiles.Store(MetadataFiles.Manifest("c2pa.training-mining", MetadataFiles.Box("cbor", [.. Enumerable.Repeat((byte)0x9F, 1 << 20)])))),
        [.. MetadataFiles.Box("ftyp", [.. "avif"u8, 0, 0, 0, 0, .. "avif"u8]), .. MetadataFiles.Box("meta", [0, 0, 0, 0,
            .. MetadataFiles.Box("iinf", [0, 0, 0, 0, 0, 1, .. MetadataFiles.Box("infe", [2, 0, 0, 0, 0, 0, 0, 0, .. "mime\0application/rdf+xml\0"u8])]),
            .. MetadataFiles.Box("iloc", [2, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. Enumerable.Repeat((byte[])[0, 0, 0, 0, 0, 1, 0, 0, 0xFF, 0xFF], 100_000).SelectMany(item => item)]),
            .. MetadataFiles.Box("idat", new byte[1 << 20])])],
    ]);

    private static byte[] Nested(int levels)
    {
        byte[] box = Stores[0];
        for (int i = 0; i < levels; i++) { box = MetadataFiles.SuperBox("c2pa", box); }
        return box;
    }

    private static byte[] Gif(string packet) => [.. "GIF89a"u8, .. new byte[7], .. Encoding.UTF8.GetBytes(packet)];

    private static string Repeat(string piece, int times) => new StringBuilder(piece.Length * times).Insert(0, piece, times).ToString();
}
