using System.Text.Json;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Towers;

namespace LaionStream.Models.Catalog;

/// <summary>
/// The settings in the side files of a CLIP folder: backbone name, context, input size and normalisation (in transformers' and open_clip's formats).
/// </summary>
/// <param name="Backbone">Name, or null.</param>
/// <param name="Context">Most tokens, or null.</param>
/// <param name="Size">Width and height of the picture input, or null.</param>
/// <param name="Fit">How pictures are fitted into it.</param>
/// <param name="Scale">Normalisation.</param>
/// <param name="Files">The files that were read.</param>
internal sealed record ClipConfig(string? Backbone, int? Context, int? Size, PixelFit Fit, PixelScale Scale, IReadOnlyList<string> Files)
{
    private static readonly string[] Configs = ["config.json", "open_clip_config.json"];
    private static readonly string[] Preprocessors = ["preprocessor_config.json", "preprocess_cfg.json"];

    /// <summary>Reads the files that exist; CLIP's own values are the defaults.</summary>
    /// <param name="folders">The folders to search, in order.</param>
    /// <exception cref="ModelException">A file cannot be read, or requires a fit that is not CLIP's.</exception>
    public static ClipConfig Read(IReadOnlyList<string> folders)
    {
        var files = new List<string>();
        JsonElement config = First(folders, Configs, files);
        JsonElement pixels = First(folders, Preprocessors, files);
        JsonElement text = Get(config, "text_config", "text_cfg", "model_cfg") ?? config;
        text = Get(text, "text_cfg") ?? text;
        JsonElement? size = Get(pixels, "crop_size", "size");
        string mode = Get(pixels, "resize_mode") is { ValueKind: JsonValueKind.String } m ? m.GetString()! : "shortest";
        if (mode is not ("shortest" or "squash")) { throw Wrong($"resize_mode {mode} is not supported; shortest and squash are"); }

        float[]? mean = Floats(Get(pixels, "image_mean", "mean"));
        float[]? std = Floats(Get(pixels, "image_std", "std"));
        return new ClipConfig(
            Get(config, "_name_or_path", "name") is { ValueKind: JsonValueKind.String } name && name.GetString() is { Length: > 0 } given ? given : null,
            Number(Get(text, "max_position_embeddings", "context_length")),
            Number(size) ?? Number(size is { } s ? Get(s, "height", "shortest_edge") : null),
            mode == "squash" ? PixelFit.SquashBilinear : PixelFit.ShorterSideBicubicCrop,
            mean is null || std is null ? PixelScale.Clip : new PixelScale(mean, std),
            files);
    }

    private static JsonElement First(IReadOnlyList<string> folders, string[] names, List<string> files)
    {
        foreach (string path in folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).Where(File.Exists))
        {
            try
            {
                using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
                files.Add(path);
                return json.RootElement.Clone();
            }
            catch (JsonException e)
            {
                throw Wrong($"{path} is not JSON: {e.Message}");
            }
        }

        return default;
    }

    private static JsonElement? Get(JsonElement json, params ReadOnlySpan<string> names)
    {
        if (json.ValueKind != JsonValueKind.Object) { return null; }

        foreach (string name in names)
        {
            if (json.TryGetProperty(name, out JsonElement value)) { return value; }
        }

        return null;
    }

    private static int? Number(JsonElement? json) => json switch
    {
        { ValueKind: JsonValueKind.Number } n when n.TryGetInt32(out int value) => value,
        { ValueKind: JsonValueKind.Array } a when a.GetArrayLength() > 0 => Number(a[0]),
        _ => null,
    };

    private static float[]? Floats(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() == 3 ? [.. array.EnumerateArray().Select(v => v.GetSingle())] : null;

    private static ModelException Wrong(string what) => new("Laion:Models:Path", $"CLIP's settings cannot be used: {what}.");
}
