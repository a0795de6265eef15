using System.Buffers.Binary;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.TestWorld.Makers;

/// <summary>JPEGs with irregularities that no pixel depends on, and JPEGs with damage, made from valid ones.</summary>
internal static class OddJpegs
{
    /// <summary>In a progressive file the last scan refines bits: repeating it changes them, as libjpeg reads it.</summary>
    public const string LastScanTwice = "last scan twice";

    /// <summary>They have no meaning in a sequential file, but do in a progressive one.</summary>
    public const string SpectralParameters = "spectral parameters";

    /// <summary>The damage that costs the most memory.</summary>
    public const string Huge = "89 megapixels in the header";

    /// <summary>Changes of the markers that leave every pixel unchanged.</summary>
    public static IReadOnlyDictionary<string, Func<byte[], byte[]>> Harmless { get; } = new Dictionary<string, Func<byte[], byte[]>>(StringComparer.Ordinal)
    {
        ["none"] = jpeg => jpeg,
        ["JFIF revision 9"] = jpeg => Insert(jpeg, 2, Segment(0xE0, [.. "JFIF\0"u8, 9, 9, 0, 0, 1, 0, 1, 0, 0])),
        ["stray bytes before DQT"] = jpeg => Insert(jpeg, Find(jpeg, 0xDB), [1, 2, 3]),
        ["stray bytes before SOF"] = jpeg => Insert(jpeg, FindFrame(jpeg), [7, 0xFF, 0, 9]),
        ["fill bytes"] = jpeg => Insert(jpeg, Find(jpeg, 0xDB), [0xFF, 0xFF, 0xFF]),
        ["Adobe transform 77"] = jpeg => Insert(WithoutJfif(jpeg), 2, Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 77])),
        [SpectralParameters] = jpeg => Change(jpeg, Find(jpeg, 0xDA) + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(Find(jpeg, 0xDA) + 2)) - 3, 3),
        ["text after the end"] = jpeg => [.. jpeg, .. "<html>"u8],
        ["no end marker"] = jpeg => jpeg[..^2],
    };

    /// <summary>Irregularities of the scans themselves that lose no pixel: only a decoder that knows where data ends can tell.</summary>
    public static IReadOnlyDictionary<string, Func<byte[], byte[]>> HarmlessInScans { get; } =
        new Dictionary<string, Func<byte[], byte[]>>(StringComparer.Ordinal)
        {
            ["stray bytes before the end marker"] = jpeg => Insert(jpeg, jpeg.Length - 2, [0, 0, 5, 6, 7, 8]),
            ["stray bytes after the first scan"] = jpeg => Insert(jpeg, EndOfScan(jpeg, Find(jpeg, 0xDA)), [0, 0, 1, 2, 3]),
            [LastScanTwice] = jpeg => Insert(jpeg, jpeg.Length - 2, jpeg[jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])..^2]),
            ["first scan twice"] = jpeg => Insert(jpeg, EndOfScan(jpeg, Find(jpeg, 0xDA)), jpeg[Find(jpeg, 0xDA)..EndOfScan(jpeg, Find(jpeg, 0xDA))]),
            ["stray bytes and no end marker"] = jpeg => [.. jpeg[..^2], 0, 0, 0],
        };

    /// <summary>Damage to the scan's data: some pixels are lost.</summary>
    public static IReadOnlyDictionary<string, Func<byte[], byte[]>> Damage { get; } = new Dictionary<string, Func<byte[], byte[]>>(StringComparer.Ordinal)
    {
        ["cut at a third"] = jpeg => jpeg[..Share(jpeg, 0.33)],
        ["cut at nine tenths"] = jpeg => jpeg[..Share(jpeg, 0.9)],
        ["last bytes left out"] = jpeg => [.. jpeg[..^34], 0xFF, 0xD9],
        ["end marker in the middle"] = jpeg => Change(jpeg, Share(jpeg, 0.5), 0xFF, 0xD9),
        ["restart marker in the middle"] = jpeg => Change(jpeg, Share(jpeg, 0.5), 0xFF, 0xD3),
        ["quarter left out"] = jpeg => [.. jpeg[..Share(jpeg, 0.4)], .. jpeg[Share(jpeg, 0.65)..]],
        ["ones in the middle"] = jpeg => Fill(jpeg, Share(jpeg, 0.5), 64, 0xFE),
        ["many more rows in the header"] = jpeg => Rows(jpeg, 4),
        [Huge] = jpeg => Sides(jpeg, 9000, 9900),
    };

    /// <summary>Offset of the first marker of that kind.</summary>
    public static int Find(byte[] jpeg, byte marker)
    {
        int at = 2;
        while (jpeg[at + 1] != marker)
        {
            if (jpeg[at] != 0xFF || jpeg[at + 1] == 0xDA) { throw new InvalidOperationException($"No {marker:X2} before the first scan."); }
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
        }

        return at;
    }

    /// <summary>Changes width and height in the header, and nothing else.</summary>
    public static byte[] Sides(byte[] jpeg, ushort width, ushort height)
    {
        byte[] changed = [.. jpeg];
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(FindFrame(jpeg) + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(FindFrame(jpeg) + 7), width);
        return changed;
    }

    private static byte[] Rows(byte[] jpeg, int times)
    {
        ImageHeader header = ImageHeader.Read(jpeg);
        return Sides(jpeg, (ushort)header.Width, (ushort)(header.Height * times));
    }

    /// <summary>Offset of the marker after a scan's data.</summary>
    private static int EndOfScan(byte[] jpeg, int scan)
    {
        int at = scan + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(scan + 2));
        while (at < jpeg.Length - 2 && (jpeg[at] != 0xFF || jpeg[at + 1] is 0 or (>= 0xD0 and <= 0xD7))) { at++; }
        return Math.Min(at, jpeg.Length - 2);
    }

    private static int FindFrame(byte[] jpeg) => Enumerable.Range(0xC0, 3).Select(m => TryFind(jpeg, (byte)m)).Max();

    private static int TryFind(byte[] jpeg, byte marker)
    {
        try
        {
            return Find(jpeg, marker);
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
    }

    private static byte[] WithoutJfif(byte[] jpeg) =>
        jpeg[3] == 0xE0 ? [.. jpeg[..2], .. jpeg[(4 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(4)))..]] : jpeg;

    /// <summary>An offset within the scans' data.</summary>
    private static int Share(byte[] jpeg, double share)
    {
        int scan = Find(jpeg, 0xDA) + 14;
        return scan + (int)((jpeg.Length - scan) * share);
    }

    private static byte[] Segment(byte marker, byte[] content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static byte[] Insert(byte[] jpeg, int at, byte[] bytes) => [.. jpeg[..at], .. bytes, .. jpeg[at..]];

    private static byte[] Fill(byte[] jpeg, int at, int count, byte value) => Change(jpeg, at, [.. Enumerable.Repeat(value, count)]);

    private static byte[] Change(byte[] jpeg, int at, params byte[] values)
    {
        byte[] changed = [.. jpeg];
        values.CopyTo(changed, at);
        return changed;
    }
}
