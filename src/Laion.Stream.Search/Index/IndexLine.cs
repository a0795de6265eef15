using System.Text.Json;
using System.Text.Json.Serialization;

namespace LaionStream.Search.Index;

/// <summary>One line of <c>index/manifest.jsonl</c>: a segment, rows that were removed, segments that are no longer needed, or a map.</summary>
internal sealed record IndexLine
{
    /// <summary>A segment.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SegmentEntry? Segment { get; init; }

    /// <summary>Removed rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RemovalEntry? Removal { get; init; }

    /// <summary>Numbers of segments whose parts are all gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Retired { get; init; }

    /// <summary>A map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MapEntry? Map { get; init; }

    /// <summary>Writes the line, with its line end.</summary>
    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, IndexJson.Default.IndexLine), (byte)'\n'];

    /// <summary>Reads a line, without its line end.</summary>
    /// <returns>Null when it is no such line.</returns>
    public static IndexLine? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            IndexLine? read = JsonSerializer.Deserialize(line, IndexJson.Default.IndexLine);
            return read is { Segment.IsValid: true, Removal: null, Retired: null, Map: null } or { Segment: null, Removal.IsValid: true, Retired: null, Map: null }
                or { Segment: null, Removal: null, Retired: not null, Map: null } or { Segment: null, Removal: null, Retired: null, Map.IsValid: true }
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null; // the caller knows where it is
        }
    }
}
