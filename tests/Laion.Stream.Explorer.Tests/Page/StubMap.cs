using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>The stub's map: the rows in ten heaps, by their numbers.</summary>
internal static class StubMap
{
    /// <summary>Where a row is, from 0 to 65535.</summary>
    public static (int X, int Y) PlaceOf(int id)
    {
        double angle = id % 10 / 10.0 * 2 * Math.PI;
        double far = id % 2 == 0 ? 22000 : 14000;
        double Spread(int salt) => 3400 * (StubRows.Hash(id, salt) + StubRows.Hash(id, salt + 1) + StubRows.Hash(id, salt + 2) - 1.5);
        return ((int)(32768 + (far * Math.Cos(angle)) + Spread(80)), (int)(32768 + (far * Math.Sin(angle)) + Spread(90)));
    }

    private static (int X, int Y) Middle(int heap)
    {
        int[] ids = [.. Enumerable.Range(0, 60).Select(at => (at * 10) + heap)];
        return ((int)ids.Average(id => PlaceOf(id).X), (int)ids.Average(id => PlaceOf(id).Y));
    }

    /// <summary>The answer of <c>/api/v1/map</c>.</summary>
    public static JsonObject Answer(IReadOnlyList<JsonObject> rows) => new()
    {
        ["maps"] = new JsonArray(new JsonObject { ["folder"] = "landscapes", ["kind"] = "image" }, new JsonObject { ["folder"] = "landscapes", ["kind"] = "text" }),
        ["folder"] = "landscapes",
        ["kind"] = "image",
        ["version"] = "1",
        ["at"] = "2024-10-04T01:20:00Z",
        ["vectors"] = 96_310,
        ["ids"] = new JsonArray([.. rows.Select((_, id) => JsonValue.Create(id))]),
        ["x"] = Shorts(rows.Count, id => PlaceOf(id).X),
        ["y"] = Shorts(rows.Count, id => PlaceOf(id).Y),
        ["unsafe"] = Bytes(rows, row => (bool)row["unsafe"]! ? 1 : 0),
        ["groups"] = new JsonArray(Group("set", rows, ["en", "multi", "nolang"]), Group("domain", rows, [.. rows.Select(row => row["domain"]!.ToString()).Distinct().Order(StringComparer.Ordinal)]), Heaps(rows)),
        ["scores"] = new JsonArray(new JsonObject { ["name"] = "similarity", ["min"] = 0.26, ["max"] = 0.5, ["of"] = Bytes(rows, row => (int)(1 + (((double)row["scores"]!["similarity"]! - 0.26) / 0.24 * 254))) }),
        ["labels"] = new JsonArray([.. new[] { "harbour · dawn", "mill", "script · onerror", "صورة · ميناء", "lake · mountain", "vineyard", "fog · forest", "bridge", "desert · road", "boats" }.Select((text, at) => new JsonObject { ["x"] = Middle(at).X, ["y"] = Middle(at).Y, ["text"] = text, ["points"] = 50 - at, ["id"] = at })]),
    };

    /// <summary>The answer when there is none.</summary>
    public static JsonObject None() => new()
    {
        ["maps"] = new JsonArray(),
        ["ids"] = new JsonArray(),
        ["x"] = "",
        ["y"] = "",
        ["unsafe"] = "",
        ["groups"] = new JsonArray(),
        ["scores"] = new JsonArray(),
        ["labels"] = new JsonArray(),
        ["vectors"] = 0,
    };

    /// <summary>The answer of <c>/api/v1/map/passes</c>.</summary>
    public static JsonObject Passes(IReadOnlyList<JsonObject> rows, Func<JsonObject, bool> passes) =>
        new() { ["version"] = "1", ["count"] = rows.Count(passes), ["of"] = Bytes(rows, row => passes(row) ? 1 : 0) };

    private static JsonObject Group(string name, IReadOnlyList<JsonObject> rows, string[] values) => new()
    {
        ["name"] = name,
        ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]),
        ["counts"] = new JsonArray([.. values.Select(value => JsonValue.Create(rows.Count(row => row[name]!.ToString() == value)))]),
        ["of"] = Bytes(rows, row => Array.IndexOf(values, row[name]!.ToString())),
    };

    // As where captions of a language are near each other.
    private static JsonObject Heaps(IReadOnlyList<JsonObject> rows)
    {
        string[] values = ["en", "de", "fr", "pt", "es", "it", "ja"];
        return new JsonObject
        {
            ["name"] = "language",
            ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]),
            ["counts"] = new JsonArray([.. values.Select((_, place) => JsonValue.Create(rows.Count(row => (int)row["id"]! % 10 == place)))]),
            ["of"] = Bytes(rows, row => (int)row["id"]! % 10 is var heap && heap < values.Length ? heap : 255),
        };
    }

    private static string Bytes(IReadOnlyList<JsonObject> rows, Func<JsonObject, int> of) => Convert.ToBase64String([.. rows.Select(row => (byte)of(row))]);

    private static string Shorts(int count, Func<int, int> of)
    {
        var bytes = new byte[count * 2];
        for (int id = 0; id < count; id++) { BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(id * 2), (ushort)of(id)); }
        return Convert.ToBase64String(bytes);
    }
}
