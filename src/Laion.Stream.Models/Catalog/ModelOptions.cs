namespace LaionStream.Models.Catalog;

/// <summary>Where the models are; bound to <c>Laion:Models</c>. The models' hashes are part of the run's fingerprint.</summary>
public sealed class ModelOptions
{
    /// <summary>Folder with a CLIP model in any common layout, its tokenizer and, if there are score models, <c>models.json</c>.</summary>
    /// <value>No default.</value>
    public string? Path { get; set; }

    /// <summary>
    /// Folder whose <c>models.json</c> provides the score columns that no model of <see cref="Path"/> provides; the bundled safety classifier.
    /// </summary>
    /// <value>Default <c>models/nsfw</c>; a relative path is beside the executable. Empty for none.</value>
    public string Fallback { get; set; } = "models/nsfw";

    /// <summary>The name of the CLIP backbone that heads are checked against, when neither <c>models.json</c> nor <c>config.json</c> gives one.</summary>
    /// <value>No default.</value>
    public string? Backbone { get; set; }

    /// <summary>
    /// Folder for what providers make of the models and use again: TensorRT's engines, which take minutes to build. May be deleted at any time.
    /// </summary>
    /// <value>Default <c>laion-stream</c> in the user's folder for local data.</value>
    public string? Cache { get; set; }
}
