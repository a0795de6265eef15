using System.Text.Json;
using System.Text.Json.Nodes;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>Writes <c>models.json</c> for the files that were pulled; an existing one is the user's and is not changed.</summary>
internal static class PulledManifest
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the file if there is none.</summary>
    /// <param name="sets">What was pulled.</param>
    /// <param name="folder">The models folder.</param>
    /// <returns>The message for the user.</returns>
    public static string Write(IReadOnlyList<PullSet> sets, string folder)
    {
        string path = Path.Combine(folder, ModelManifest.FileName);
        string text = Merge(sets).ToJsonString(Indented);
        if (File.Exists(path)) { return $"{path} exists and is not changed; to use the files that were pulled it must contain:\n{text}"; }

        string part = path + ".part";
        File.WriteAllText(part, text + "\n");
        File.Move(part, path);
        return $"wrote  {path}";
    }

    /// <summary>The parts of all sets in one object: lists are concatenated, of other keys the first one is taken.</summary>
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
