using System.Buffers.Binary;
using LaionStream.Models.Pictures.Headers;
using LaionStream.TestWorld;
using NetVips;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Small valid pictures of all formats, with every kind of block that the header readers parse.</summary>
internal static class PictureSeeds
{
    private const int Largest = 8192; // for the collected ones

    private static readonly byte[] Exif = [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 2, .. Entry(0x0100, 4, 7), .. Entry(0x0112, 3, 6 << 16), 0, 0, 0, 0];

    private static readonly byte[] ExifOfIntel =
        [.. "II"u8, 42, 0, 8, 0, 0, 0, 2, 0, 0x0F, 1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>EXIF blocks of both byte orders.</summary>
    public static IReadOnlyList<byte[]> ExifBlocks { get; } = [Exif, ExifOfIntel];

    /// <summary>ICC profiles with a curve of each kind.</summary>
    public static IReadOnlyList<byte[]> Profiles { get; } =
    [
        IccProfiles.Profile(IccProfiles.AdobePrimaries, IccProfiles.Parametric(3, IccProfiles.SrgbCurve)),
        IccProfiles.Profile(IccProfiles.AdobePrimaries, [.. "curv"u8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 51]),
        IccProfiles.Profile(IccProfiles.AdobePrimaries, [.. "curv"u8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 80, 0, 255, 255]),
    ];

    /// <summary>JPEGs: baseline, progressive, restart intervals, with metadata.</summary>
    public static Lazy<IReadOnlyList<byte[]>> Jpegs { get; } = new(() =>
    [
        MadePictures.Encode(ImageFormat.Jpeg, 24, 17),
        MadePictures.Encode(ImageFormat.Jpeg, 24, 17, buffered: true),
        WithSegments(MadePictures.Encode(ImageFormat.Jpeg, 9, 9)),
        Raw(40, 24).JpegsaveBuffer(restartInterval: 1),
        .. Collected("*.jpg"),
    ]);

    /// <summary>JPEGs in each orientation, with the decoders' other ways to store them.</summary>
    public static Lazy<IReadOnlyList<byte[]>> TurnedJpegs { get; } = new(() =>
    [
        .. Enumerable.Range(1, 8).Select(exif => MadePictures.WithOrientation(MadePictures.Encode(ImageFormat.Jpeg, 50, 37, exif, buffered: exif % 3 == 2), exif)),
        WithSegments(MadePictures.Encode(ImageFormat.Jpeg, 9, 9)),
    ]);

    /// <summary>Pictures of one kind.</summary>
    public static Lazy<IReadOnlyList<byte[]>> Pngs { get; } = new(() =>
        [MadePictures.Encode(ImageFormat.Png, 19, 13), MadePictures.Encode(ImageFormat.Png, 19, 13, buffered: true), PngOfChunks(), .. Collected("*.png")]);

    /// <summary>Pictures of one kind.</summary>
    public static Lazy<IReadOnlyList<byte[]>> WebPs { get; } = new(() =>
        [MadePictures.Encode(ImageFormat.WebP, 24, 17), LosslessWebP(), WebPOfChunks(), .. Collected("*.webp")]);

    /// <summary>Pictures of one kind.</summary>
    public static Lazy<IReadOnlyList<byte[]>> Gifs { get; } = new(() => [MadePictures.Encode(ImageFormat.Gif, 24, 17), Animation()]);

    /// <summary>Pictures of one kind; also BigTIFF, which is refused.</summary>
    public static Lazy<IReadOnlyList<byte[]>> Tiffs { get; } = new(() =>
    [
        MadePictures.Encode(ImageFormat.Tiff, 24, 17),
        Raw(24, 17).TiffsaveBuffer(tile: true, tileWidth: 16, tileHeight: 16, pyramid: true, compression: Enums.ForeignTiffCompression.Lzw),
        Raw(24, 17).TiffsaveBuffer(bigtiff: true),
    ]);

    /// <summary>AVIF and HEIC by their boxes; no decoder accepts them.</summary>
    public static IReadOnlyList<byte[]> Boxes { get; } =
    [
        [
            .. Box("ftyp", [.. "avif"u8, 0, 0, 0, 0, .. "mif1avif"u8]),
            .. Box("meta", [0, 0, 0, 0, .. Box("iprp", [.. Box("ipco", [.. Size(640, 480), .. Size(64, 48)])])]), .. Box("mdat", new byte[40]),
        ],
        [
            .. Box("ftyp", [.. "mif1"u8, 0, 0, 0, 0, .. "mif1heic"u8]), .. Box("free", []),
            .. Box("meta", [0, 0, 0, 0, .. Box("hdlr", new byte[20]), .. Box("iprp", Box("ipco", Size(64, 48)))]),
        ],
    ];

    /// <summary>Files of which only the header is ever read.</summary>
    public static IReadOnlyList<byte[]> Others { get; } =
    [
        [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 1, 0, 24, 0, .. new byte[60]],
        [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 26, 0, 0, 0, 12, 0, 0, 0, 5, 0, 7, 0, 1, 0, 24, 0, .. new byte[60]],
        [0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, .. new byte[40]],
        [.. "\n <!-- x --><html><body><svg width='1'></svg>"u8],
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<byte[]> OfAllFormats() =>
        [.. Jpegs.Value, .. Pngs.Value, .. WebPs.Value, .. Gifs.Value, .. Tiffs.Value, .. Boxes, .. Others];

    private static Image Raw(int width, int height) => Image.NewFromMemory(MadePictures.Rgb(width, height), width, height, 3, Enums.BandFormat.Uchar);

    private static IEnumerable<byte[]> Collected(string pattern) => !SharedData.Exists ? [] :
        Directory.EnumerateFiles(SharedData.PathOf("cases", "images"), pattern).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes).Where(file => file.Length <= Largest).Take(4);

    private static byte[] Entry(ushort tag, ushort type, int value) => [(byte)(tag >> 8), (byte)tag, 0, (byte)type, 0, 0, 0, 1, .. Big(value)];

    private static byte[] Box(string name, byte[] content) => [.. Big(8 + content.Length), .. System.Text.Encoding.ASCII.GetBytes(name), .. content];

    private static byte[] Size(int width, int height) => Box("ispe", [0, 0, 0, 0, .. Big(width), .. Big(height)]);

    private static byte[] Chunk(string name, byte[] data) =>
        [.. System.Text.Encoding.ASCII.GetBytes(name), .. Little(data.Length), .. data, .. new byte[data.Length & 1]];

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] WithSegments(byte[] jpeg) =>
    [
        .. jpeg[..2], .. Segment(0xE1, [.. "Exif\0\0"u8, .. Exif]), .. Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. Profiles[0]]),
        .. Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 1]),
        .. Segment(0xFE, [1, 2, 3]), 1, 2, 3, 0xFF, .. jpeg[2..],
    ];

    private static byte[] LosslessWebP()
    {
        using Image image = Raw(24, 17);
        return image.WebpsaveBuffer(lossless: true);
    }

    private static byte[] WebPOfChunks()
    {
        byte[] plain = MadePictures.Encode(ImageFormat.WebP, 24, 17);
        byte[] extended = Chunk("VP8X", [0x2C, 0, 0, 0, 23, 0, 0, 16, 0, 0]);
        byte[] chunks = [.. extended, .. Chunk("ICCP", Profiles[0]), .. plain[12..], .. Chunk("EXIF", Exif), .. Chunk("XMP ", [1, 2, 3])];
        return [.. "RIFF"u8, .. Little(4 + chunks.Length), .. "WEBP"u8, .. chunks];
    }

    private static byte[] PngOfChunks()
    {
        byte[] plain = MadePictures.Encode(ImageFormat.Png, 19, 13);
        byte[] Chunk(string name, byte[] data) => [.. Big(data.Length), .. System.Text.Encoding.ASCII.GetBytes(name), .. data, 0, 0, 0, 0];
        return [.. plain[..33], .. Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), .. Chunk("eXIf", Exif), .. Chunk("tEXt", [.. "a\0b"u8]), .. plain[33..]];
    }

    private static byte[] Animation()
    {
        byte[] frame = [0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0x80, 1, 2, 3, 4, 5, 6, 2, 3, 0x84, 0x52, 0x05, 0];
        return [.. "GIF89a"u8, 2, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, .. frame, 0x21, 0xFE, 3, 1, 2, 3, 0, .. frame, 0x3B];
    }

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
