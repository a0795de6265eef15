using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using LaionStream.TestWorld;
using LaionStream.Text.Charsets;

namespace LaionStream.Text.Tests.Charsets;

public class HtmlCharsetTests
{
    [Theory]
    [InlineData("text/html; charset=windows-1251", "<meta charset=utf-8>", "windows-1251")]
    [InlineData("text/html", "<meta charset='windows-1251'>", "windows-1251")]
    [InlineData("text/html; charset=nonsense", "<META http-equiv=content-type content=\"text/html; charset=Shift_JIS\">", "shift_jis")]
    [InlineData("text/html; charset=\"iso-8859-1\"", "", "windows-1252")]
    [InlineData("", "<!-- <meta charset=koi8-r> --><meta charset=utf-8>", "utf-8")]
    [InlineData("", "<meta charset=utf-16>", "utf-8")]
    [InlineData("", "<meta charset=x-user-defined>", "windows-1252")]
    [InlineData("", "<p>plain", "utf-8")]
    public void Find_ByHeaderThenMeta_GivesTheBrowsersChoice(string contentType, string html, string encoding) =>
        Assert.Equal(encoding, HtmlCharset.Find(Encoding.ASCII.GetBytes(html), contentType).Name);

    [Theory]
    [InlineData(new byte[] { 0xef, 0xbb, 0xbf, 0xc3, 0xa9 }, "é")]
    [InlineData(new byte[] { 0xff, 0xfe, 0xe9, 0x00 }, "é")]
    [InlineData(new byte[] { 0xfe, 0xff, 0x00, 0xe9 }, "é")]
    [InlineData(new byte[] { 0x61, 0xe9, 0x93, 0x62, 0x63, 0x64 }, "aé\u201Cbcd")]
    [InlineData(new byte[] { 0xc3, 0xa9, 0x61, 0x62, 0xe2, 0x82 }, "éab\uFFFD")]
    public void Decode_ByMarkThenBytes_ReadsTheText(byte[] body, string text) => Assert.Equal(text, HtmlCharset.Decode(body, ""));

    /// <summary>html5lib's cases expect Windows-1252 for a page that declares nothing.</summary>
    [SkippableFact]
    public void Find_Html5LibCases_AgreesOnTheDeclaredOnes()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        var differing = new List<string>();
        int cases = 0;
        foreach ((byte[] data, string expected) in ReadCases())
        {
            if (EncodingLabels.Find(expected) is not { } encoding)
            {
                continue;
            }

            cases++;
            PageEncoding found = data[0] == 0xef ? HtmlCharset.Find(data, "") : HtmlCharset.ByMeta(data) ?? EncodingLabels.Windows1252;
            if (found.Name != encoding.Name)
            {
                differing.Add($"{expected} not {found.Name}: {Encoding.Latin1.GetString(data[..Math.Min(200, data.Length)])}");
            }
        }

        Assert.True(cases > 60, $"{cases} cases");
        Assert.True(differing.Count == 0, $"{differing.Count} of {cases} differ:\n{string.Join('\n', differing)}");
    }

    private static IEnumerable<(byte[] Data, string Encoding)> ReadCases()
    {
        using var gzip = new GZipStream(File.OpenRead(SharedData.PathOf("data", "html", "html5lib-tests.tar.gz")), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.Contains("/encoding/tests", StringComparison.Ordinal))
            {
                continue;
            }

            byte[] bytes = new byte[entry.Length];
            entry.DataStream!.ReadExactly(bytes);
            string text = Encoding.Latin1.GetString(bytes);
            foreach (string part in text.Split("#data\n", StringSplitOptions.RemoveEmptyEntries))
            {
                string[] halves = part.Split("\n#encoding\n");
                if (halves.Length == 2)
                {
                    yield return (Encoding.Latin1.GetBytes(halves[0]), halves[1].Trim());
                }
            }
        }
    }
}
