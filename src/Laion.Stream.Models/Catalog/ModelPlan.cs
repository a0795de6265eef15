using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Tokenizers;
using LaionStream.Models.Towers;

namespace LaionStream.Models.Catalog;

/// <summary>Which file has which role, decided before anything is loaded on a device.</summary>
internal sealed record ModelPlan
{
    /// <summary>Name of CLIP's backbone; null when no file gives it.</summary>
    public required string? Backbone { get; init; }

    /// <summary>Path of the image tower.</summary>
    public required string Visual { get; init; }

    /// <summary>Its embedding output.</summary>
    public required TensorSpec VisualOutput { get; init; }

    /// <summary>Size and fit of its pictures.</summary>
    public required PixelSpec Pixels { get; init; }

    /// <summary>How they are normalised.</summary>
    public required PixelScale Scale { get; init; }

    /// <summary>Path of the text tower; may be the image tower's.</summary>
    public required string Text { get; init; }

    /// <summary>Its embedding output.</summary>
    public required TensorSpec TextOutput { get; init; }

    /// <summary>Its tokenizer, cloned for every session.</summary>
    public required ITextTokenizer Tokenizer { get; init; }

    /// <summary>The files the tokenizer was read from.</summary>
    public required IReadOnlyList<string> TokenizerFiles { get; init; }

    /// <summary>Side files with the settings for preparing pictures and texts.</summary>
    public required IReadOnlyList<string> SettingsFiles { get; init; }

    /// <summary>Most tokens, when the model leaves it free.</summary>
    public required int Context { get; init; }

    /// <summary>The other text tower, or null.</summary>
    public ModelManifest.MultilingualEntry? Multilingual { get; init; }

    /// <summary>Score models, and the folder that each one's paths are relative to.</summary>
    public required IReadOnlyList<(ModelEntry Entry, string Folder)> Scores { get; init; }
}
