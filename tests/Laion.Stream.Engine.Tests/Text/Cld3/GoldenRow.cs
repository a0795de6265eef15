using System.Text.Json;

namespace LaionStream.Engine.Tests.Text.Cld3;

/// <summary>One reference answer of CLD3.</summary>
internal sealed record GoldenRow(string? Text, string? Hex, string Language, float Probability, bool IsReliable, string Kind)
{
    public static IEnumerable<GoldenRow> Read(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement row = json.RootElement;
            yield return new GoldenRow(
                row.TryGetProperty("text", out JsonElement text) ? text.GetString() : null,
                row.TryGetProperty("hex", out JsonElement hex) ? hex.GetString() : null,
                row.GetProperty("language").GetString()!,
                row.GetProperty("probability").GetSingle(),
                row.GetProperty("is_reliable").GetBoolean(),
                (row.TryGetProperty("origin", out JsonElement origin) ? origin : row.GetProperty("kind")).GetString()!);
        }
    }
}
