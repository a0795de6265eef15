using System.Globalization;
using System.Text.Json.Nodes;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>The stub's answers, in the shapes of the service's.</summary>
internal static class StubAnswers
{
    private const int Bins = 64;

    public static JsonObject Info(int rows, bool canEmbedText) => new()
    {
        ["version"] = "0.1.0",
        ["name"] = "landscapes",
        ["rows"] = rows,
        ["indexes"] = new JsonArray(Index("image", rows), Index("text", rows)),
        ["columns"] = new JsonArray(),
        ["scores"] = new JsonArray("similarity", "aesthetic"),
        ["sets"] = new JsonArray("en", "multi", "nolang"),
        ["canEmbedText"] = canEmbedText,
        ["canEmbedPicture"] = true,
        ["canFetch"] = true,
        ["hasThumbnails"] = true,
        ["running"] = true,
        ["safeModeDefault"] = true,
    };

    public static JsonObject Search(IReadOnlyList<JsonObject> rows, JsonNode body)
    {
        string query = body["query"]!.ToJsonString();
        bool isSearch = query != "[]";
        int salt = query.Aggregate(17, (sum, one) => unchecked((sum * 31) + one));
        IEnumerable<JsonObject> found = rows.Where(row => Passes(row, body["filter"]));
        if (isSearch) { found = found.OrderByDescending(row => Score(row, salt)); }
        int from = int.Parse(body["cursor"]?.ToString() ?? "0", CultureInfo.InvariantCulture);
        int limit = (int)body["limit"]!;
        JsonObject[] all = [.. found];
        return new JsonObject
        {
            ["rows"] = new JsonArray([.. all.Skip(from).Take(limit).Select(row => Scored(row, isSearch ? Score(row, salt) : null))]),
            ["cursor"] = from + limit < all.Length ? (from + limit).ToString(CultureInfo.InvariantCulture) : null,
            ["tookMs"] = 3.2,
        };
    }

    public static JsonObject Similar(IReadOnlyList<JsonObject> rows, int id) =>
        new() { ["rows"] = new JsonArray([.. rows.Where(row => (int)row["id"]! != id).OrderByDescending(row => Score(row, id)).Take(24).Select(row => Scored(row, Score(row, id)))]), ["cursor"] = null, ["tookMs"] = 1.0 };

    public static JsonObject Facets(IReadOnlyList<JsonObject> rows, JsonNode body)
    {
        JsonObject[] passing = [.. rows.Where(row => Passes(row, body["filter"]))];
        var facets = new JsonObject();
        foreach (string name in new[] { "set", "language", "licence", "domain" })
        {
            facets[name] = new JsonArray([.. passing.GroupBy(row => row[name]?.ToString() ?? "").OrderByDescending(group => group.Count())
                .Select(group => new JsonObject { ["value"] = group.Key, ["count"] = group.Count() })]);
        }

        return new JsonObject
        {
            ["rows"] = passing.Length,
            ["facets"] = facets,
            ["histograms"] = new JsonObject
            {
                ["similarity"] = Histogram(passing, row => (double)row["scores"]!["similarity"]!, 0.26, 0.5),
                ["aesthetic"] = Histogram(passing, row => (double)row["scores"]!["aesthetic"]!, 2, 8),
                ["width"] = Histogram(passing, row => Number(row["width"])!.Value, 500, 3000),
                ["height"] = Histogram(passing, row => Number(row["height"])!.Value, 480, 2000),
            },
        };
    }

    public static JsonObject Detail(JsonObject row)
    {
        JsonObject detail = Scored(row, null);
        detail["columns"] = new JsonObject { ["SAMPLE_ID"] = 4294967296 + (int)row["id"]!, ["URL"] = row["url"]!.ToString(), ["TEXT"] = row["caption"]?.ToString(), ["page_url"] = "https://pages.example.org/<b>", ["EXIF"] = null, ["hash"] = "7139802342" };
        detail["why"] = new JsonArray(
            new JsonObject { ["name"] = "similarity", ["value"] = (double)row["scores"]!["similarity"]!, ["limit"] = 0.26, ["kind"] = "min", ["passed"] = true },
            new JsonObject { ["name"] = "punsafe", ["value"] = 0.02, ["limit"] = 0.95, ["kind"] = "max", ["passed"] = true });
        (detail["folder"], detail["part"], detail["position"]) = ("landscapes", "en/00000.parquet", (int)row["id"]!);
        return detail;
    }

    public static JsonObject Command(JsonNode body) => new()
    {
        ["command"] = body["ids"] is JsonArray ids ? $"laion-stream subset landscapes --where \"row in ({string.Join(", ", ids)})\" --format {body["format"]}" : $"laion-stream subset landscapes --like 'harbour' --format {body["format"]}",
    };

    public static JsonObject Dataset() => new()
    {
        ["links"] = 1_284_002,
        ["kept"] = 96_310,
        ["dropped"] = new JsonArray(
            Drop("similarity_too_low", 702_114, ("https://shop.example.org/a.jpg", "<script>document.title='owned'</script>", "0.1874 < 0.26"), ("https://blog.example.org/b.png", "Untitled", "0.2210 < 0.26")),
            Drop("http_status", 240_811, ("https://old.example.org/c.jpg", "Holiday in the Alps", "404")), Drop("caption_too_short", 180_220), Drop("timeout", 61_300), Drop("not_a_picture", 3_247)),
        ["sets"] = new JsonObject { ["en"] = 58_210, ["multi"] = 30_100, ["nolang"] = 8_000 },
        ["stages"] = new JsonArray(Stage("language", 1_284_002, 1_103_782), Stage("download", 1_103_782, 801_671), Stage("decode", 801_671, 798_424), Stage("similarity", 798_424, 96_310)),
        ["thresholds"] = new JsonObject { ["similarity_en"] = 0.28, ["similarity_multi"] = 0.26 },
        ["models"] = new JsonObject { ["clip"] = "3c1f6a0b5d2e4f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a", ["safety"] = "77aa6a0b5d2e4f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a" },
        ["similarity"] = new JsonObject { ["en"] = Bell(0.02, 26), ["multi"] = Bell(0.06, 22) },
        ["languages"] = new JsonArray(Value("en", 58_210), Value("de", 9_120), Value("fr", 7_410), Value("ja", 5_009), Value("pt", 4_380)),
        ["licences"] = new JsonArray(Value("CC-BY-4.0", 812), Value("CC0-1.0", 214)),
        ["domains"] = new JsonArray([.. Enumerable.Range(0, 30).Select(at => Value($"host{at}.example.org", 4000 / (at + 1)))]),
        ["sizes"] = new JsonObject { ["width"] = new JsonObject { ["min"] = 64, ["max"] = 4096, ["counts"] = new JsonArray([.. Enumerable.Range(0, Bins).Select(at => JsonValue.Create((int)(9000 * Math.Exp(-at / 12.0))))]) } },
    };

    public static JsonObject Run() => new()
    {
        ["running"] = true,
        ["state"] = "running",
        ["history"] = new JsonArray([.. Enumerable.Range(0, 90).Select(Point)]),
        ["stages"] = new JsonArray(Stage("language", 1_284_002, 1_103_782), Stage("download", 1_103_782, 801_671)),
        ["bottleneck"] = "download",
        ["errors"] = new JsonArray(new JsonObject { ["at"] = "2024-10-04T01:20:00Z", ["level"] = "warning", ["message"] = "The name server 192.0.2.1 did not answer for 4 s." }),
        ["linksPerSecond"] = 1_421.5,
        ["keptPerSecond"] = 106.6,
    };

    private static JsonObject Point(int minute) => new()
    {
        ["at"] = DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(minute).ToString("O"),
        ["session"] = "2024-10-04T00:00:00Z",
        ["links"] = (minute * 84_000) + (long)(20_000 * Math.Sin(minute / 6.0)),
        ["kept"] = (minute * 6_300) + (long)(1_500 * Math.Sin(minute / 9.0)),
        ["fetched"] = minute * 30_000,
        ["bytes"] = minute * 1_300_000_000L,
        ["latencyP50"] = 180.0,
        ["latencyP99"] = 2_400 + (600 * Math.Sin(minute / 4.0)),
        ["cpuSeconds"] = minute * 110.0,
        ["memoryBytes"] = 2_100_000_000L + (long)(200_000_000 * Math.Sin(minute / 11.0)),
    };

    private static JsonObject Index(string name, int rows) => new() { ["name"] = name, ["vectors"] = rows, ["dimensions"] = 512 };

    private static JsonObject Value(string value, int count) => new() { ["value"] = value, ["count"] = count };

    private static JsonObject Stage(string name, long given, long kept) => new() { ["name"] = name, ["in"] = given, ["kept"] = kept, ["dropped"] = given - kept };

    private static JsonObject Bell(double from, int bins) =>
        new() { ["from"] = from, ["width"] = 0.02, ["counts"] = new JsonArray([.. Enumerable.Range(0, bins).Select(at => JsonValue.Create((int)(40_000 * Math.Exp(-Math.Pow((at - (bins / 2.5)) / 4, 2)))))]) };

    private static JsonObject Drop(string reason, long count, params (string Url, string Text, string Detail)[] samples) => new()
    {
        ["reason"] = reason,
        ["count"] = count,
        ["samples"] = new JsonArray([.. samples.Select(one => new JsonObject { ["url"] = one.Url, ["text"] = one.Text, ["detail"] = one.Detail })]),
    };

    private static JsonObject Histogram(JsonObject[] rows, Func<JsonObject, double> value, double min, double max)
    {
        var counts = new int[Bins];
        foreach (JsonObject row in rows) { counts[Math.Clamp((int)((value(row) - min) / (max - min) * Bins), 0, Bins - 1)]++; }
        return new JsonObject { ["min"] = min, ["max"] = max, ["counts"] = new JsonArray([.. counts.Select(one => JsonValue.Create(one))]) };
    }

    private static double Score(JsonObject row, int salt) => Math.Round(0.18 + (StubRows.Hash((int)row["id"]!, salt) * 0.17), 4);

    // A value made from a whole number refuses to be read as a double.
    private static double? Number(JsonNode? value) => value is null ? null : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static JsonObject Scored(JsonObject row, double? score)
    {
        var copy = (JsonObject)row.DeepClone();
        copy["score"] = score;
        return copy;
    }

    public static bool Passes(JsonObject row, JsonNode? filter)
    {
        if (filter is null) { return true; }
        bool In(string list, string name) => filter[list] is not JsonArray values || values.Any(value => value!.ToString() == row[name]?.ToString());
        bool Within(JsonNode? range, JsonNode? value) => range is null
            || (Number(value) is { } number && number >= (Number(range["min"]) ?? double.MinValue) && number <= (Number(range["max"]) ?? double.MaxValue));
        return In("sets", "set") && In("languages", "language") && In("licences", "licence") && In("domains", "domain")
            && Within(filter["width"], row["width"]) && Within(filter["height"], row["height"])
            && (filter["scores"] is not JsonObject scores || scores.All(score => Within(score.Value, row["scores"]![score.Key])))
            && (filter["text"] is not { } text || (row["caption"]?.ToString() ?? "").Contains(text.ToString(), StringComparison.OrdinalIgnoreCase));
    }
}
