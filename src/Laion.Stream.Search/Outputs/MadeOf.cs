using System.Text.Json;
using System.Text.Json.Serialization;

namespace LaionStream.Search.Outputs;

/// <summary>
/// A line of the list of what was made of an output: <c>state/derived.jsonl</c>, or <c>FILE.derived.jsonl</c> beside a subset that is a file.
/// </summary>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Path">Where it was written, absolute.</param>
/// <param name="Relative">The same, relative to the folder of the list's output: it holds when both were moved together.</param>
internal sealed record MadeOf(DateTimeOffset At, string Path, string Relative)
{
    /// <summary>Writes the line, with its line end.</summary>
    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, MadeOfJson.Default.MadeOf), (byte)'\n'];

    /// <summary>Reads a line.</summary>
    /// <returns>Null when it is no such line.</returns>
    public static MadeOf? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, MadeOfJson.Default.MadeOf) is { Path: { Length: > 0 }, Relative: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null; // an operator may edit the list; what is no line names nothing
        }
    }
}

/// <summary>How the list is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MadeOf))]
internal sealed partial class MadeOfJson : JsonSerializerContext;
