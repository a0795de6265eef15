using System.Globalization;
using System.Text.Json.Nodes;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>Five hundred rows that are the same in each run, some of them hostile.</summary>
internal static class StubRows
{
    /// <summary>A row whose caption is markup.</summary>
    public const int Markup = 3;

    /// <summary>A row that is marked as unsafe.</summary>
    public const int Unsafe = 5;

    /// <summary>A row in Arabic.</summary>
    public const int RightToLeft = 7;

    /// <summary>A row with a caption of 4,000 characters.</summary>
    public const int Long = 11;

    /// <summary>A row with an empty caption.</summary>
    public const int Empty = 13;

    /// <summary>A row whose address is a script.</summary>
    public const int Script = 17;

    /// <summary>A row without picture.</summary>
    public const int Gone = 19;

    private static readonly (int Width, int Height)[] Sizes = [(1200, 800), (800, 1200), (1024, 1024), (1920, 1080), (640, 480), (900, 1350), (3000, 600), (500, 2000), (1600, 900), (750, 1000)];
    private static readonly string[] Subjects = ["Harbour", "Old mill", "Mountain lake", "Wheat field", "Lighthouse", "Birch forest", "Desert road", "Vineyard", "Fishing boats", "Stone bridge"];
    private static readonly string[] Moments = ["at dawn", "in the fog", "after rain", "in autumn", "at noon", "under snow", "at dusk", "in spring", "before the storm"];
    private static readonly string[] Kinds = ["oil on canvas, framed", "stock photo, high resolution", "postcard from 1934", "wallpaper for desktop", "poster 50 × 70 cm", "travel guide"];

    /// <summary>The rows, as the service would answer them.</summary>
    public static IReadOnlyList<JsonObject> Make(int count) => [.. Enumerable.Range(0, count).Select(Row)];

    /// <summary>A value from 0 to 1 that depends on two numbers only.</summary>
    public static double Hash(int row, int salt)
    {
        uint mixed = unchecked(((uint)row * 2654435761u) ^ ((uint)salt * 40503u));
        mixed = unchecked((mixed ^ (mixed >> 15)) * 2246822519u);
        return ((mixed ^ (mixed >> 13)) & 0xFFFFFF) / (double)0x1000000;
    }

    /// <summary>A drawing of a landscape.</summary>
    public static string Picture(int row)
    {
        int hue = (int)(Hash(row, 1) * 360);
        (int width, int height) = Sizes[row % Sizes.Length];
        string Hill(int at, int light) =>
            $"<path fill='hsl({(hue + (at * 25)) % 360} 32% {light}%)' d='M0 {height * (40 + (at * 15)) / 100}Q{width * (0.15 + (Hash(row, at) * 0.3)):F0} {height * (15 + (at * 18)) / 100} {width / 2} {height * (45 + (at * 14)) / 100}"
            + $"T{width} {height * (38 + (at * 16)) / 100}V{height}H0z'/>";
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}'><linearGradient id='a' x2='0' y2='1'><stop stop-color='hsl({hue} 55% 78%)'/><stop offset='1' stop-color='hsl({(hue + 40) % 360} 70% 90%)'/></linearGradient><rect width='100%' height='100%' fill='url(#a)'/><circle cx='{width * (0.2 + (Hash(row, 9) * 0.6)):F0}' cy='{height * 0.26:F0}' r='{Math.Min(width, height) * 0.11:F0}' fill='hsl({(hue + 60) % 360} 90% 93%)'/>{Hill(0, 62)}{Hill(1, 46)}{Hill(2, 30)}</svg>");
    }

    private static JsonObject Row(int id)
    {
        (int width, int height) = Sizes[id % Sizes.Length];
        string set = Hash(id, 2) < 0.6 ? "en" : Hash(id, 2) < 0.9 ? "multi" : "nolang";
        string domain = $"{new[] { "pictures", "museum", "travel", "shop", "blog", "archive", "prints", "maps" }[(int)(Hash(id, 3) * 8)]}.example.org";
        return new JsonObject
        {
            ["id"] = id,
            ["url"] = id == Script ? "javascript:document.title='owned'" : $"https://{domain}/{id}.jpg",
            ["caption"] = Caption(id),
            ["width"] = width,
            ["height"] = height,
            ["set"] = set,
            ["language"] = set == "en" ? "en" : set == "multi" ? new[] { "de", "fr", "ar", "ja", "pt", "es", "it" }[(int)(Hash(id, 4) * 7)] : null,
            ["licence"] = Hash(id, 5) < 0.2 ? "CC-BY-4.0" : null,
            ["domain"] = domain,
            ["score"] = null,
            ["scores"] = new JsonObject { ["similarity"] = Math.Round(0.26 + (Hash(id, 6) * Hash(id, 61) * 0.24), 4), ["aesthetic"] = Math.Round(2 + (Hash(id, 7) * 3) + (Hash(id, 71) * 3), 3) },
            ["nsfw"] = IsUnsafe(id) ? "NSFW" : "UNLIKELY",
            ["unsafe"] = IsUnsafe(id),
            ["duplicates"] = id % 12 == 10 ? 1 + (id % 5) : 0,
            ["thumbnail"] = $"/api/v1/rows/{id}/thumbnail",
        };
    }

    /// <summary>Whether a row is marked as unsafe.</summary>
    public static bool IsUnsafe(int id) => id == Unsafe || id % 61 == 60;

    private static string? Caption(int id) => id switch
    {
        Markup => "<img src=x onerror=\"document.title='owned'\"><b>bold</b> & <script>document.title='owned'</script>",
        RightToLeft => "صورة لميناء قديم عند الفجر مع قوارب الصيد",
        Long => string.Concat(Enumerable.Repeat("a very long caption that shops write for search engines ", 72)) + "end",
        Empty => "",
        _ => $"{Subjects[(int)(Hash(id, 10) * Subjects.Length)]} {Moments[(int)(Hash(id, 11) * Moments.Length)]}, {Kinds[(int)(Hash(id, 12) * Kinds.Length)]}",
    };
}
