using System.Text.Json;

namespace LaionStream.Search.Outputs;

/// <summary>The list of tars that open_clip reads: <c>sizes.json</c> beside them.</summary>
internal static class ShardSizesJson
{
    /// <summary>Writes it.</summary>
    /// <param name="sizes">Samples of each tar, by its name.</param>
    public static byte[] Of(SortedDictionary<string, long> sizes)
    {
        using var file = new MemoryStream();
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            foreach ((string tar, long rows) in sizes) { json.WriteNumber(tar, rows); }
            json.WriteEndObject();
        }

        return file.ToArray();
    }
}
