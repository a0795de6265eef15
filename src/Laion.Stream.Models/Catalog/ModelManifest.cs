using System.Text.Json;
using System.Text.Json.Serialization;
using LaionStream.Models.Onnx;

namespace LaionStream.Models.Catalog;

/// <summary>The <c>models.json</c> of a models folder; <c>models.schema.json</c> describes it. All paths are relative to the folder.</summary>
internal sealed record ModelManifest
{
    /// <summary>The file's name.</summary>
    public const string FileName = "models.json";

    /// <summary>For editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>CLIP's files; they are searched for when absent.</summary>
    public ClipEntry? Clip { get; init; }

    /// <summary>Text tower for captions that are not English.</summary>
    public MultilingualEntry? Multilingual { get; init; }

    /// <summary>Score models; none when absent.</summary>
    /// <remarks>Set, not initialised: generated JSON code would give what is initialised the default of its type.</remarks>
    public IReadOnlyList<ModelEntry> Models { get; set; } = [];

    /// <summary>Reads a folder's manifest; an empty one when there is no file.</summary>
    /// <exception cref="ModelException">It is not valid.</exception>
    public static ModelManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) { return new ModelManifest(); }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.ModelManifest) ?? new ModelManifest();
        }
        catch (JsonException e)
        {
            throw new ModelException("Laion:Models:Path", $"{path} is not valid: {e.Message}", e);
        }
    }

    /// <summary>CLIP's files.</summary>
    internal sealed record ClipEntry
    {
        /// <summary>The name that heads are checked against, such as <c>ViT-B/32</c>.</summary>
        public string? Backbone { get; init; }

        /// <summary>The image tower.</summary>
        public string? Visual { get; init; }

        /// <summary>The text tower; may be the same file.</summary>
        public string? Text { get; init; }

        /// <summary>Folder of the tokenizer.</summary>
        public string? Tokenizer { get; init; }
    }

    /// <summary>A second text tower for the same picture embeddings (sentence-transformers clip-ViT-B-32-multilingual-v1, M-CLIP).</summary>
    internal sealed record MultilingualEntry
    {
        /// <summary>The tower; token states are averaged.</summary>
        public required string Text { get; init; }

        /// <summary>Folder of its tokenizer.</summary>
        public required string Tokenizer { get; init; }

        /// <summary>The layer after the averaging, <c>.npy</c>, <c>.safetensors</c> or <c>.pth</c>.</summary>
        public string? Dense { get; init; }

        /// <summary>The image tower it was trained against.</summary>
        public string? Backbone { get; init; }

        /// <summary>Most tokens of a caption.</summary>
        /// <value>Default 128.</value>
        /// <remarks>Set, not initialised, as <see cref="Models"/>.</remarks>
        public int MaxLength { get; set; } = 128;
    }
}
