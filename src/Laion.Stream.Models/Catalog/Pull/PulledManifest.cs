using System.Text.Json;
using System.Text.Json.Nodes;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>Writes <c>models.json</c> for what was pulled; one that is there is the user's and stays as it is.</summary>
internal static class PulledManifest
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the file where there is none.</summary>
    /// <param name="sets">What was pulled.</param>
    /// <param name="folder">The models folder.</param>
    /// <returns>What to tell the user.</returns>
    public static string Write(IReadOnlyList<PullSet> sets, string folder)
    {
        string path = Path.Combine(folder, ModelManifest.FileName);
        string text = Merge(sets).ToJsonString(Indented);
        if (File.Exists(path)) { return $"{path} is there and stays as it is; for what was pulled it must say:\n{text}"; }

        string part = path + ".part";
        File.WriteAllText(part, text + "\n");
        File.Move(part, path);
        return $"wrote  {path}";
    }

    /// <summary>All sets' parts in one object: lists are joined, of other keys the first one counts.</summary>
    internal static JsonObject Merge(IEnumerable<PullSet> sets)
    {
        var whole = new JsonObject();
        foreach (JsonElement manifest in sets.Select(set => set.Manifest).OfType<JsonElement>())
        {
            foreach (JsonProperty property in manifest.EnumerateObject())
            {
                if (whole[property.Name] is JsonArray list)
                {
                    foreach (JsonElement item in property.Value.EnumerateArray()) { list.Add(JsonNode.Parse(item.GetRawText())); }
                }
                else
                {
                    whole.TryAdd(property.Name, JsonNode.Parse(property.Value.GetRawText()));
                }
            }
        }

        return whole;
    }
}
