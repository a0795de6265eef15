using LaionStream.Models.Onnx;
using LaionStream.Models.Tokenizers;

namespace LaionStream.Models.Catalog;

/// <summary>
/// Lists every file that determines the answers of a plan's models: models with their weights, tokenizers, dense layers, settings and manifests.
/// </summary>
internal static class PlannedFiles
{
    /// <summary>Suffix of the role of a tokenizer's file.</summary>
    public const string TokenizerSuffix = "tokenizer";

    /// <summary>Suffix of the role of a weights file beside its model.</summary>
    public const string WeightsSuffix = " weights";

    /// <summary>The role of side files with the settings for preparing pictures and texts.</summary>
    public const string Settings = "clip settings";

    /// <summary>Reads and hashes the files, each once per role.</summary>
    /// <param name="plan">Which file has which role.</param>
    /// <param name="folder">The models folder.</param>
    /// <exception cref="IOException">A file does not exist or cannot be read.</exception>
    public static IEnumerable<ModelFile> Of(ModelPlan plan, string folder)
    {
        foreach ((string role, string path) in Roles(plan, folder).Distinct())
        {
            yield return ModelFile.Of(role, path);
            if (!path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) { continue; }

            foreach (string weights in OnnxExternalData.Of(path)) { yield return ModelFile.Of(role + WeightsSuffix, weights); }
        }
    }

    private static IEnumerable<(string Role, string Path)> Roles(ModelPlan plan, string folder)
    {
        yield return (plan.Text == plan.Visual ? "clip" : "clip visual", plan.Visual);
        if (plan.Text != plan.Visual) { yield return ("clip text", plan.Text); }

        foreach (string path in plan.TokenizerFiles) { yield return (TokenizerSuffix, path); }

        foreach (string path in plan.SettingsFiles) { yield return (Settings, path); }

        if (plan.Multilingual is { } other)
        {
            yield return ("multilingual text", At(folder, other.Text));
            foreach (string path in TokenizerOf(At(folder, other.Tokenizer))) { yield return ($"multilingual {TokenizerSuffix}", path); }

            if (other.Dense is { } dense) { yield return ("multilingual dense", At(folder, dense)); }
        }

        foreach ((ModelEntry entry, string from) in plan.Scores.Where(s => s.Entry.File is not null))
        {
            string column = entry.FilledColumn;
            yield return (column, At(from, entry.File!));
            if (!entry.IsCaption) { continue; }

            foreach (string path in TokenizerOf(At(from, entry.TokenizerFolder))) { yield return ($"{column} {TokenizerSuffix}", path); }
        }

        foreach (string used in plan.Scores.Where(s => s.Entry.File is not null).Select(s => s.Folder).Prepend(folder).Distinct(StringComparer.Ordinal))
        {
            string manifest = Path.Combine(used, ModelManifest.FileName);
            if (File.Exists(manifest)) { yield return (used == folder ? "manifest" : "fallback manifest", manifest); }
        }
    }

    private static IReadOnlyList<string> TokenizerOf(string where)
    {
        TokenizerFiles.Find([where], out IReadOnlyList<string> files);
        return files;
    }

    private static string At(string folder, string relative) => Path.GetFullPath(Path.Combine(folder, relative));
}
