using System.Buffers.Binary;
using System.IO.Compression;
using LaionStream.Demo;
using LaionStream.Models.Pictures.Headers;
using LaionStream.TestWorld.Makers;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Files made to cost far more than their bytes, or to declare what they do not contain.</summary>
internal static class Bombs
{
    private static readonly byte[] Jpeg = MadePictures.Encode(ImageFormat.Jpeg, 120, 90);
    private static readonly byte[] Progressive = MadePictures.Encode(ImageFormat.Jpeg, 120, 90, buffered: true);

    public static IReadOnlyList<(string Name, byte[] Bytes)> All { get; } = [.. Pngs(), .. Jpegs(), .. WebPs(), .. Gifs(), .. Tiffs(), .. Boxes()];

    private static IEnumerable<(string, byte[])> Pngs()
    {
        yield return ("png-900-megapixels", HandmadePng.Make(30_000, 30_000));
        yield return ("png-89-megapixels", HandmadePng.Make(9_400, 9_500));
        yield return ("png-a-line", HandmadePng.Make(1_000_000, 1));
        byte[] sound = HandmadePng.Noise(80, 80);
        foreach (string type in new[] { "zTXt", "iCCP", "iTXt" })
        {
            byte[] name = type == "iTXt" ? [.. "a\0"u8, 1, 0, 0, 0] : [.. "a\0"u8, 0];
            yield return ($"png-{type}-of-200-mb", AfterHeader(sound, Chunk(type, [.. name, .. Zeros(200 << 20)])));
        }

        yield return ("png-20000-chunks", AfterHeader(sound, [.. Enumerable.Repeat(Chunk("tEXt", "a\0b"u8), 20_000).SelectMany(chunk => chunk)]));
        yield return ("png-20000-empty-idat", AfterHeader(sound, [.. Enumerable.Repeat(Chunk("IDAT", []), 20_000).SelectMany(chunk => chunk)]));
        yield return ("png-two-headers", AfterHeader(sound, sound[8..33]));
        yield return ("png-animated-lie", AfterHeader(sound, Chunk("acTL", [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])));
    }

    private static IEnumerable<(string, byte[])> Jpegs()
    {
        foreach ((string name, Func<byte[], byte[]> damage) in OddJpegs.Damage.Concat(OddJpegs.HarmlessInScans))
        {
            yield return ($"jpeg-{name}", damage(Jpeg));
            yield return ($"jpeg-progressive-{name}", damage(Progressive));
        }

        int scan = Progressive.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        yield return ("jpeg-3000-scans", [.. Progressive[..^2], .. Enumerable.Repeat(Progressive[scan..^2], 3000).SelectMany(bytes => bytes), 0xFF, 0xD9]);
        yield return ("jpeg-100-segments-of-64-kb",
            [.. Jpeg[..2], .. Enumerable.Repeat((byte[])[0xFF, 0xE1, 0xFF, 0xFF, .. new byte[0xFFFD]], 100).SelectMany(bytes => bytes), .. Jpeg[2..]]);
        yield return ("jpeg-segment-of-0", [.. Jpeg[..2], 0xFF, 0xE1, 0, 0, .. Jpeg[2..]]);
        yield return ("jpeg-no-rows", OddJpegs.Sides(Jpeg, 120, 0));
        yield return ("jpeg-65535-sides", OddJpegs.Sides(Jpeg, 65_535, 65_535));
        yield return ("jpeg-fill-bytes", [.. Jpeg[..2], .. Enumerable.Repeat((byte)0xFF, 1 << 20), .. Jpeg[2..]]);
        foreach (byte frame in new byte[] { 0xC3, 0xC5, 0xC9, 0xCB, 0xCF })
        {
            byte[] other = [.. Jpeg];
            other[OddJpegs.Find(Jpeg, 0xC0) + 1] = frame;
            yield return ($"jpeg-frame-{frame:X2}", other);
        }
    }

    private static IEnumerable<(string, byte[])> WebPs()
    {
        byte[] webp = SoundFiles.All.First(file => file.Name == "webp-extended").Bytes;
        foreach (uint length in new uint[] { 0xFFFFFFF6, 0xFFFFFFF7, 0xFFFFFFF8, 0xFFFFFFF9, 0xFFFFFFFE, uint.MaxValue, 0x80000000, 0x7FFFFFF8 })
        {
            for (int chunk = 12, i = 0; chunk + 8 <= webp.Length && i < 4; i++)
            {
                yield return ($"webp-chunk-{i}-of-{length:X}", With(webp, chunk + 4, length));
                chunk += 8 + (((int)BinaryPrimitives.ReadUInt32LittleEndian(webp.AsSpan(chunk + 4)) + 1) & ~1);
            }

            yield return ($"webp-riff-of-{length:X}", With(webp, 4, length));
        }

        yield return ("webp-canvas-of-16-million", Put(webp, 24, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF));
        yield return ("webp-100000-chunks",
            [.. webp[..30], .. Enumerable.Repeat((byte[])[.. "JUNK"u8, 0, 0, 0, 0], 100_000).SelectMany(chunk => chunk), .. webp[30..]]);
    }

    private static IEnumerable<(string, byte[])> Gifs()
    {
        byte[] gif = MadePictures.Encode(ImageFormat.Gif, 100, 80);
        yield return ("gif-screen-of-65535", Put(gif, 6, 0xFF, 0xFF, 0xFF, 0xFF));
        byte[] frame = [0x2C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 8, 1, 0, 0];
        yield return ("gif-frame-beyond-screen", [.. "GIF89a"u8, 100, 0, 100, 0, 0, 0, 0, .. frame, 0x3B]);
        yield return ("gif-20000-frames",
            [.. "GIF89a"u8, 100, 0, 100, 0, 0, 0, 0,
            .. Enumerable.Repeat((byte[])[0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0], 20_000).SelectMany(bytes => bytes), 0x3B]);
        yield return ("gif-endless-comment", [.. "GIF89a"u8, 100, 0, 100, 0, 0, 0, 0, 0x21, 0xFE, .. Enumerable.Repeat((byte)0xFF, 200_000)]);
    }

    private static IEnumerable<(string, byte[])> Tiffs()
    {
        byte[] pixels = Zeros(200 << 20);
        yield return ("tiff-directory-of-itself", Tiff(next: 8, (256, 100), (257, 100)));
        yield return ("tiff-strip-far-away",
            Tiff(next: 0, (256, 100), (257, 100), (258, 8), (259, 1), (262, 1), (273, 0xFFFFFFF0), (277, 1), (278, 100), (279, 0x7FFFFFFF)));
        yield return ("tiff-rows-per-strip-0", Tiff(next: 0, (256, 100), (257, 100), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 0), (279, 100)));
        yield return ("tiff-65535-samples",
            Tiff(next: 0, (256, 100), (257, 100), (258, 8), (259, 1), (262, 1), (273, 8), (277, 65_535), (278, 100), (279, 100)));
        yield return ("tiff-2-to-31-sides",
            Tiff(next: 0, (256, 0x7FFFFFFF), (257, 0x7FFFFFFF), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 100)));
        byte[] bomb = Tiff(next: 0, (256, 9400), (257, 9500), (258, 8), (259, 8), (262, 1), (273, 200), (277, 1), (278, 9500), (279, (uint)pixels.Length));
        yield return ("tiff-89-megapixels-deflated", [.. bomb, .. new byte[200 - bomb.Length], .. pixels]);
    }

    private static IEnumerable<(string, byte[])> Boxes()
    {
        byte[] avif = SoundFiles.All.First(file => file.Name == "avif").Bytes;
        int meta = (int)BinaryPrimitives.ReadUInt32BigEndian(avif);
        foreach (uint length in new uint[] { 0, 1, 7, 8, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, uint.MaxValue })
        {
            yield return ($"avif-first-box-of-{length:X}", Big(avif, 0, length));
            yield return ($"avif-second-box-of-{length:X}", Big(avif, meta, length));
        }

        yield return ("avif-50000-boxes",
            [.. avif[..meta], .. Enumerable.Repeat((byte[])[0, 0, 0, 8, .. "free"u8], 50_000).SelectMany(box => box), .. avif[meta..]]);
        int sides = avif.AsSpan().IndexOf("ispe"u8) + 8;
        yield return ("avif-2-to-31-sides", Put(avif, sides, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF));
        yield return ("avif-9000-sides", Put(avif, sides, 0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28));
        yield return ("avif-deep", [.. avif[..meta], .. Enumerable.Repeat((byte[])[0, 1, 0, 0, .. "meta"u8, 0, 0, 0, 0], 5000).SelectMany(box => box)]);
    }

    /// <summary>A little-endian TIFF of one directory whose entries are 32-bit numbers.</summary>
    private static byte[] Tiff(uint next, params (ushort Tag, uint Value)[] entries)
    {
        var file = new byte[8 + 2 + (entries.Length * 12) + 4];
        new byte[] { (byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, (byte)entries.Length, 0 }.CopyTo(file, 0);
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = file.AsSpan(10 + (i * 12), 12);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], 4);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], entries[i].Value);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.Length - 4), next);
        return file;
    }

    private static byte[] Chunk(string type, ReadOnlySpan<byte> data)
    {
        var chunk = new MemoryStream();
        HandmadePng.Chunk(chunk, type, data);
        return chunk.ToArray();
    }

    private static byte[] AfterHeader(byte[] png, byte[] chunks) => [.. png[..33], .. chunks, .. png[33..]];

    private static byte[] Zeros(int count)
    {
        var to = new MemoryStream();
        using (var zlib = new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true))
        {
            var part = new byte[1 << 20];
            for (int i = 0; i < count >> 20; i++) { zlib.Write(part); }
        }

        return to.ToArray();
    }

    private static byte[] With(byte[] file, int at, uint number)
    {
        byte[] changed = [.. file];
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), number);
        return changed;
    }

    private static byte[] Big(byte[] file, int at, uint number) => With(file, at, BinaryPrimitives.ReverseEndianness(number));

    private static byte[] Put(byte[] file, int at, params byte[] bytes)
    {
        byte[] changed = [.. file];
        bytes.CopyTo(changed, at);
        return changed;
    }
}
