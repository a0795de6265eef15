using System.IO.Compression;
using System.Text;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Files of other kinds that are served under a picture's name.</summary>
internal static class NoPictures
{
    public static IReadOnlyList<(string Name, byte[] Bytes)> All { get; } =
    [
        ("nothing", []), ("one-byte", [0xFF]), ("zeros", new byte[9000]), ("ones", [.. Enumerable.Repeat((byte)0xFF, 9000)]),
        Text("html", "<!doctype html><title>Gone</title>" + new string('x', 6000)),
        Text("html-of-pictures", string.Concat(Enumerable.Repeat("<img src=a.png>", 900))),
        Text("svg", "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='300'><image href='file:///etc/passwd' width='300' height='300'/></svg>"
            + new string(' ', 6000)),
        Text("svg-entities", "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY a 'aaaaaaaaaa'>"
            + string.Concat(Enumerable.Range(1, 20)
                .Select(i => $"<!ENTITY {(char)('a' + i)} '{string.Concat(Enumerable.Repeat($"&{(char)('a' + i - 1)};", 10))}'>"))
            + "]><svg xmlns='http://www.w3.org/2000/svg'><text>&u;</text></svg>"),
        Text("xml", "<?xml version='1.0'?><rss>" + new string('y', 6000)), Text("json", "{\"error\":\"not found\"}" + new string(' ', 6000)),
        Text("pdf", "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n" + new string('%', 6000)),
        Text("postscript", "%!PS-Adobe-3.0 EPSF-3.0\n" + string.Concat(Enumerable.Repeat("(x) show\n", 900))),
        Text("magick", "push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/x.jpg\"|ls \"-la)'\npop graphic-context"
            + new string('\n', 6000)),
        ("zip", Zip()), ("gzip", Gzip()), ("elf", [0x7F, .. "ELF"u8, 2, 1, 1, .. new byte[9000]]), ("exe", [.. "MZ"u8, .. new byte[9000]]),
            ("class", [0xCA, 0xFE, 0xBA, 0xBE, .. new byte[9000]]),
        ("mp4", [0, 0, 0, 0x1C, .. "ftypisom\0\0\0\0isommp42"u8, .. new byte[9000]]), ("webm", [0x1A, 0x45, 0xDF, 0xA3, .. new byte[9000]]),
            ("riff-wave", [.. "RIFF\xFF\xFF\xFF\xFF"u8, .. "WAVE"u8, .. new byte[9000]]),
        ("ico", [0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 0x68, 4, 0, 0, 0x16, 0, 0, 0, .. new byte[9000]]), ("bmp", [.. "BM"u8, .. new byte[9000]]),
            ("psd", [.. "8BPS\0\x01"u8, .. new byte[9000]]),
        ("jp2", [0, 0, 0, 12, .. "jP  \r\n"u8, 0x87, 10, .. new byte[9000]]), ("jxl", [0xFF, 10, .. new byte[9000]]),
            ("jpeg-of-3-bytes", [0xFF, 0xD8, 0xFF]), ("png-of-8-bytes", [0x89, .. "PNG\r\n\x1A\n"u8]),
        ("xbm", [.. "#define a_width 99999\n#define a_height 99999\nstatic char a_bits[] = {"u8, .. new byte[6000]]),
            ("fits", [.. "SIMPLE  =                    T"u8, .. new byte[9000]]), ("pnm", [.. "P6 60000 60000 255\n"u8, .. new byte[9000]]),
        ("hdr", [.. "#?RADIANCE\n\n-Y 60000 +X 60000\n"u8, .. new byte[9000]]), ("exr", [0x76, 0x2F, 0x31, 1, .. new byte[9000]]),
            ("vips", [8, 0xF2, 0xA6, 0xB6, .. new byte[9000]]), ("csv", [.. "1,2,3\n"u8, .. new byte[9000]]),
    ];

    private static (string, byte[]) Text(string name, string text) => (name, Encoding.UTF8.GetBytes(text));

    private static byte[] Zip()
    {
        var to = new MemoryStream();
        using (var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("picture.jpg").Open();
            entry.Write(new byte[1 << 20]);
        }

        return [.. to.ToArray(), .. new byte[6000]];
    }

    private static byte[] Gzip()
    {
        var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true)) { gzip.Write(EvilTalk.Picture.Span); }
        return to.ToArray();
    }
}
