namespace LaionStream.Models.Catalog;

/// <summary>Kinds of score model that <c>models.json</c> can name.</summary>
internal enum ModelKind
{
    /// <summary>Head on the picture embedding: <c>punsafe</c>.</summary>
    Nsfw,

    /// <summary>Head on the picture embedding: <c>aesthetic</c>.</summary>
    Aesthetic,

    /// <summary>Two prompts against the picture embedding: <c>q16</c>.</summary>
    Q16,

    /// <summary>LAION's prompt lists: <c>NSFW</c> and the under-age guard.</summary>
    ZeroShot,

    /// <summary>Classifier with its own image tower: <c>pwatermark</c>.</summary>
    Watermark,

    /// <summary>Classifier with its own image tower: <c>punsafe</c>.</summary>
    NsfwImage,

    /// <summary>Classifier of captions: <c>toxicity</c>.</summary>
    Toxicity,

    /// <summary>Any head on the picture embedding; the entry names its column.</summary>
    Head,

    /// <summary>Any classifier with its own image tower; the entry names its column.</summary>
    Image,

    /// <summary>Any classifier of captions; the entry names its column.</summary>
    Caption,
}
