using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using LaionStream.TestWorld;
using LaionStream.Text.Urls;
using Xunit.Abstractions;

namespace LaionStream.Text.Tests.Urls;

/// <summary>The web platform tests of the reference data: the expectations of WHATWG's own examples.</summary>
public sealed class WptTests(ITestOutputHelper output)
{
    private static readonly SearchValues<char> EndsHost = SearchValues.Create("/?#@:\\\t\r\n");

    [SkippableTheory]
    [InlineData("urltestdata.json", 240)]
    [InlineData("ada_extra_urltestdata.json", 5)]
    [InlineData("ada_long_urltestdata.json", 1)]
    public void TryParse_UrlTestData_AcceptsExactlyTheWebUrls(string file, int atLeastAccepted)
    {
        var wrong = new List<string>();
        int accepted = 0, refused = 0;
        foreach (JsonElement row in Rows(file))
        {
            string input = row.GetProperty("input").GetString()!;
            string? baseText = row.TryGetProperty("base", out JsonElement b) ? b.GetString() : null;
            WebUrl? url;
            _ = baseText is null ? WebUrl.TryParse(input, null, out url) : WebUrl.TryParseOn(input, baseText, out url);
            string? expected = Expected(row);
            if (url?.Href != expected || (url is not null && !HasParts(url, row)))
            {
                wrong.Add($"{input} on {baseText}: {url?.Href ?? "refused"}, not {expected ?? "refused"}");
            }

            _ = url is null ? refused++ : accepted++;
        }

        output.WriteLine($"{file}: {accepted} accepted, {refused} refused, {wrong.Count} wrong");
        Assert.Empty(wrong);
        Assert.True(accepted >= atLeastAccepted, $"{accepted} accepted");
    }

    [SkippableTheory]
    [InlineData("toascii.json")]
    [InlineData("IdnaTestV2.json")]
    [InlineData("IdnaTestV2-removed.json")]
    public void TryParse_ToAsciiData_MakesTheSameHost(string file)
    {
        var wrong = new List<string>();
        int rows = 0, skipped = 0;
        foreach (JsonElement row in Rows(file))
        {
            // Some rows contain lone surrogates, of which the JSON reader does not make a string.
            string input = Regex.Unescape(row.GetProperty("input").GetRawText()[1..^1]);
            string? expected = row.GetProperty("output").GetString();

            // A URL with these would end its host there: WPT tests them in other ways.
            if (input.AsSpan().ContainsAny(EndsHost) || input.Length == 0)
            {
                skipped++;
                continue;
            }

            rows++;

            string? host = WebUrl.TryParse($"https://{input}/x", null, out WebUrl? url) ? url.Host : null;
            if (host != expected)
            {
                wrong.Add($"{input}: {host ?? "refused"}, not {expected ?? "refused"}");
            }
        }

        output.WriteLine($"{file}: {rows} rows, {skipped} that fit no URL left out, {wrong.Count} wrong");
        Assert.Empty(wrong);
        Assert.True(rows > 15);
    }

    private static bool HasParts(WebUrl url, JsonElement row)
    {
        string port = row.GetProperty("port").GetString()!;
        return url.Scheme + ":" == row.GetProperty("protocol").GetString() && url.Host == row.GetProperty("hostname").GetString()
            && url.IsDefaultPort == (port.Length == 0) && (port.Length == 0 || port == $"{url.Port}")
            && url.Path.SequenceEqual(row.GetProperty("pathname").GetString());
    }

    /// <summary>The row's href without credentials and fragment, or null when it is not a web URL.</summary>
    private static string? Expected(JsonElement row)
    {
        if (row.TryGetProperty("failure", out JsonElement failure) && failure.GetBoolean())
        {
            return null;
        }

        string href = row.GetProperty("href").GetString()!;
        if (row.GetProperty("protocol").GetString() is not ("http:" or "https:"))
        {
            return null;
        }

        href = href.Split('#')[0];
        int start = href.IndexOf("//", StringComparison.Ordinal) + 2;
        int at = href[..href.IndexOf('/', start)].LastIndexOf('@');
        return at < 0 ? href : href[..start] + href[(at + 1)..];
    }

    private static IEnumerable<JsonElement> Rows(string file)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("data", "url", "wpt", file)));
        return [.. document.RootElement.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object).Select(row => row.Clone())];
    }
}
