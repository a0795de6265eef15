using System.IO.Compression;
using System.Text;

namespace LaionStream.Demo;

/// <summary>
/// An answer described by its path: <c>/h2-length/{lengths}/{bytes}/{more}/end</c>. Lengths are values of Content-Length, separated by <c>;</c>, in which
/// <c>#</c> means the bytes of the body; more is <c>chunked</c>, a coding (<c>gzip</c>, <c>br</c>; <c>gzip-tail</c> with bytes after the coded body,
/// <c>gzip-cut-12</c> without its last 12 bytes) or <c>-</c>.
/// </summary>
/// <param name="Lines">The header's lines.</param>
/// <param name="Body">The bytes on the wire.</param>
internal sealed record AnnouncedLength((string Name, string Value)[] Lines, byte[] Body)
{
    /// <summary>The start of every such path.</summary>
    public const string Prefix = "/h2-length/";

    private const string Suffix = "/end";

    /// <summary>The path of an answer.</summary>
    public static string PathOf(string lengths, int bytes, string more = "-") => $"{Prefix}{Uri.EscapeDataString(lengths)}/{bytes}/{more}{Suffix}";

    /// <summary>The path in a header block or request line; null when there is none.</summary>
    public static string? Find(string text)
    {
        int start = text.IndexOf(Prefix, StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf(Suffix, start, StringComparison.Ordinal);
        return end < 0 ? null : text[start..(end + Suffix.Length)];
    }

    /// <summary>The answer of a path.</summary>
    public static AnnouncedLength Parse(string path)
    {
        string[] parts = path[Prefix.Length..^Suffix.Length].Split('/');
        var plain = new byte[int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)];
        LoopbackFaults.SoundPicture.Span[..Math.Min(plain.Length, LoopbackFaults.SoundPicture.Length)].CopyTo(plain);
        byte[] body = parts[2] switch
        {
            "chunked" => [.. Encoding.ASCII.GetBytes($"{plain.Length:x}\r\n"), .. plain, .. "\r\n0\r\n\r\n"u8],
            string coding when IsCoded(coding) => Code(plain, coding.Split('-')),
            _ => plain,
        };
        var lines = new List<(string, string)> { ("content-type", "image/png") };
        foreach (string value in Uri.UnescapeDataString(parts[0]).Split(';'))
        {
            if (value != "none") { lines.Add(("content-length", value.Replace("#", $"{body.Length}", StringComparison.Ordinal))); }
        }

        if (parts[2] == "chunked") { lines.Add(("transfer-encoding", "chunked")); }
        if (IsCoded(parts[2])) { lines.Add(("content-encoding", parts[2].Split('-')[0])); }
        return new AnnouncedLength([.. lines], body);
    }

    /// <summary>All bytes of the answer over HTTP/1.1.</summary>
    public byte[] OverHttp1() =>
        [.. Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{string.Concat(Lines.Select(line => $"{line.Name}: {line.Value}\r\n"))}\r\n"), .. Body];

    private static bool IsCoded(string more) => more.StartsWith("gzip", StringComparison.Ordinal) || more.StartsWith("br", StringComparison.Ordinal);

    private static byte[] Code(byte[] plain, string[] how)
    {
        using var coded = new MemoryStream();
        using (Stream coder = how[0] == "br" ? new BrotliStream(coded, CompressionLevel.Fastest) : new GZipStream(coded, CompressionLevel.Fastest))
        {
            coder.Write(plain);
        }
        return how switch
        {
            [_, "tail"] => [.. coded.ToArray(), .. new byte[100]],
            [_, "cut", string bytes] => coded.ToArray()[..^int.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture)],
            _ => coded.ToArray(),
        };
    }
}
