using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>The stub's map: the rows in ten heaps, in a ring, by their numbers.</summary>
internal static class StubMap
{
    /// <summary>Where a row is, from 0 to 65535.</summary>
    public static (int X, int Y) PlaceOf(int id)
    {
        double angle = id % 10 / 10.0 * 2 * Math.PI;
        return ((int)(32768 + (22000 * Math.Cos(angle)) + (4000 * (StubRows.Hash(id, 80) - 0.5))), (int)(32768 + (22000 * Math.Sin(angle)) + (4000 * (StubRows.Hash(id, 81) - 0.5))));
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
        ["groups"] = new JsonArray(Group("set", rows, ["en", "multi", "nolang"]), Group("domain", rows, [.. rows.Select(row => row["domain"]!.ToString()).Distinct().Order(StringComparer.Ordinal)])),
        ["scores"] = new JsonArray(new JsonObject { ["name"] = "similarity", ["min"] = 0.26, ["max"] = 0.5, ["of"] = Bytes(rows, row => (int)(1 + (((double)row["scores"]!["similarity"]! - 0.26) / 0.24 * 254))) }),
        ["labels"] = new JsonArray([.. new[] { "harbour · dawn", "mill", "script · onerror", "صورة · ميناء" }.Select((text, at) => new JsonObject { ["x"] = PlaceOf(at).X, ["y"] = PlaceOf(at).Y, ["text"] = text, ["points"] = 50 - at, ["id"] = at })]),
    };

    /// <summary>The answer when there is none.</summary>
    public static JsonObject None() => new()
    {
        ["maps"] = new JsonArray(), ["ids"] = new JsonArray(), ["x"] = "", ["y"] = "", ["unsafe"] = "", ["groups"] = new JsonArray(), ["scores"] = new JsonArray(), ["labels"] = new JsonArray(), ["vectors"] = 0,
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

    private static string Bytes(IReadOnlyList<JsonObject> rows, Func<JsonObject, int> of) => Convert.ToBase64String([.. rows.Select(row => (byte)of(row))]);

    private static string Shorts(int count, Func<int, int> of)
    {
        var bytes = new byte[count * 2];
        for (int id = 0; id < count; id++) { BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(id * 2), (ushort)of(id)); }
        return Convert.ToBase64String(bytes);
    }
}
