using System.Globalization;
using LaionStream.Demo;
using LaionStream.TestWorld;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Benchmarks.Stages;

/// <summary>
/// A WAT like that of the peers' measurements: the reference data's real pages, repeated under other host names, or generated ones when it is missing.
/// </summary>
internal static class StageWat
{
    // measured on Common Crawl WAT files: links per HTML page, of which 15 % are pictures, two thirds of those with an alt
    private const int LinksPerPage = 194;
    private static readonly string[] Words =
        ["red", "a", "house", "on", "the", "Straße", "blue", "photo", "of", "two", "birds", "été", "large", "kitchen", "window", "犬"];

    /// <summary>The source of its pages.</summary>
    public static string Kind => SharedData.Exists ? "real pages" : "made pages";

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="passes">How often the pages are repeated.</param>
    public static void Write(string path, int passes)
    {
        WatPage[] pages = SharedData.Exists
            ? [.. new[] { "trafilatura", "readability" }.SelectMany(HtmlBundle.Read).Select(page => HtmlToWat.Read(page.Address, page.Html))]
            : [.. Enumerable.Range(0, 600).Select(Made)];
        using FileStream file = File.Create(path);
        WatWriter.Write(file, Enumerable.Range(0, passes).SelectMany(pass => pages.Select(page => page with
        {
            Address = new UriBuilder(page.Address) { Host = string.Create(CultureInfo.InvariantCulture, $"p{pass}.{page.Address.Host}") }.Uri,
        })));
    }

    private static WatPage Made(int index)
    {
        var random = new Random(index);
        return new WatPage(
            new Uri($"https://www.site{index}.example/pages/{random.Next():x}.html"),
            [.. Enumerable.Range(0, LinksPerPage).Select(_ => random.Next(100) < 15
                ? new WatLink("IMG@/src", $"/wp-content/uploads/{random.Next(2010, 2026)}/{random.NextInt64():x}.jpg", random.Next(3) > 0
                    ? Phrase(random)
                    : null)
                : new WatLink("A@/href", $"https://www.site{random.Next(900)}.example/{random.NextInt64():x}/", Text: Phrase(random)))],
            Title: Phrase(random));
    }

    private static string Phrase(Random random) => string.Join(' ', Enumerable.Range(0, random.Next(2, 12)).Select(_ => Words[random.Next(Words.Length)]));
}
