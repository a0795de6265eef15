using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Removal;

/// <summary>
/// What lies beside a subset or in a merged output and says how it came about: <c>FILE.subset.json</c>, <c>merge.json</c>. Only its counts change.
/// </summary>
internal sealed class DerivedNote
{
    private readonly string _path;
    private readonly JsonObject _json;
    private readonly byte[] _before;

    private DerivedNote(string path, JsonObject json, byte[] before) => (_path, _json, _before) = (path, json, before);

    /// <summary>What the subset is written as; null when it does not say.</summary>
    public string? Format => (string?)_json["format"];

    /// <summary>Digest of the subset's file; null for a folder.</summary>
    public string? Sha256 => (string?)_json["file"]?["sha256"];

    /// <summary>Reads it.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static DerivedNote? Read(string path)
    {
        if (!File.Exists(path)) { return null; }

        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return new DerivedNote(path, JsonNode.Parse(bytes)?.AsObject() ?? throw new JsonException("null"), bytes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is not the JSON that belongs there: {e.Message}", e);
        }
    }

    /// <summary>Adds a removal from the subset's file, and writes.</summary>
    /// <param name="rows">Rows that are left.</param>
    /// <param name="bytes">Size of the file without the others.</param>
    /// <param name="sha256">Its digest.</param>
    /// <param name="removal">The removal.</param>
    public void Write(long rows, long bytes, string sha256, DerivedRemovalNote removal)
    {
        if (_json["file"] is JsonObject file) { (file["bytes"], file["sha256"]) = (bytes, sha256); }
        Write(rows, [.. (_json["removals"] as JsonArray)?.Select(node => node?.DeepClone()) ?? [], removal.ToNode()]);
    }

    /// <summary>Writes what a folder's own manifest says, if it is something else than before.</summary>
    /// <param name="rows">Rows that are left.</param>
    /// <param name="removals">All removals.</param>
    public void Write(long rows, IEnumerable<DerivedRemovalNote> removals) => Write(rows, [.. removals.Select(removal => removal.ToNode())]);

    private void Write(long rows, JsonNode?[] removals)
    {
        _json["rows"] = rows;
        if (removals.Length > 0) { _json["removals"] = new JsonArray(removals); }
        byte[] bytes = JsonFile.Of(_json, DerivedNoteJson.Default.JsonObject);
        if (!bytes.AsSpan().SequenceEqual(_before)) { AtomicFile.Write(_path, bytes); }
    }
}

/// <summary>A removal, as it is recorded beside a subset.</summary>
/// <param name="At">When.</param>
/// <param name="By">By which lists.</param>
/// <param name="Rows">How many rows.</param>
internal sealed record DerivedRemovalNote(DateTimeOffset At, string By, long Rows)
{
    /// <summary>The removal as JSON.</summary>
    public JsonNode ToNode() => new JsonObject { ["at"] = At, ["by"] = By, ["rows"] = Rows };
}

/// <summary>How it is written.</summary>
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class DerivedNoteJson : JsonSerializerContext;
