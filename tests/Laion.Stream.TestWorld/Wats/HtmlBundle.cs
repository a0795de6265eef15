using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace LaionStream.TestWorld.Wats;

/// <summary>The real pages of the reference data's HTML bundles, as bytes, with the address in their index.</summary>
public static class HtmlBundle
{
    /// <summary>Reads a bundle's pages in the order of the bundle.</summary>
    /// <param name="name"><c>readability</c> or <c>trafilatura</c>.</param>
    public static IEnumerable<(Uri Address, byte[] Html)> Read(string name)
    {
        Dictionary<string, string> addresses = ReadIndex(name);
        using FileStream file = File.OpenRead(SharedData.PathOf("data", "html", name + ".tar.gz"));
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && entry.Name.EndsWith(".html", StringComparison.Ordinal))
            {
                byte[] html = new byte[data.Length];
                data.ReadExactly(html);
                string key = entry.Name.TrimStart('.', '/');
                yield return (AddressOf(key, addresses.GetValueOrDefault(key), html), html);
            }
        }
    }

    private static Uri AddressOf(string entry, string? stated, byte[] html) =>
        Uri.TryCreate(stated, UriKind.Absolute, out Uri? address) && address.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? address
            : new Uri($"https://www.{Convert.ToHexStringLower(SHA1.HashData(html))[..10]}.example/{Path.GetFileName(entry)}");

    private static Dictionary<string, string> ReadIndex(string name)
    {
        var addresses = new Dictionary<string, string>();
        foreach (string line in File.ReadLines(SharedData.PathOf("data", "html", name + ".index.tsv")).Skip(1))
        {
            string[] cells = line.Split('\t');
            addresses[cells[0]] = cells[3];
        }

        return addresses;
    }
}
