using System.Text.Json;
using System.Text.Json.Nodes;

namespace LaionStream.Dataset.Cutting;

/// <summary>The counts of a tar after some of its samples left.</summary>
public static class StatsCut
{
    /// <summary>Rewrites a <c>_stats.json</c>; its times stay.</summary>
    /// <param name="path">The file.</param>
    /// <param name="output">Receives the file.</param>
    /// <param name="rows">The rows that stay.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static async Task CopyAsync(string path, Stream output, RowFilter rows, CancellationToken abort)
    {
        try
        {
            JsonObject stats = (JsonNode.Parse(await File.ReadAllBytesAsync(path, abort)) ?? new JsonObject()).AsObject();
            stats["count"] = rows.Kept;
            stats["successes"] = rows.Kept;
            stats["status_dict"] = new JsonObject { ["success"] = rows.Kept };
            await output.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(stats, CuttingJson.Default.JsonObject), abort);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is not the JSON that belongs there: {e.Message}", e);
        }
    }
}
