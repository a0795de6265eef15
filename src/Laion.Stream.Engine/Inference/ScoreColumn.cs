namespace LaionStream.Engine.Inference;

/// <summary>Score columns that a model can fill.</summary>
internal enum ScoreColumn
{
    /// <summary><c>punsafe</c>: P(NSFW).</summary>
    Unsafe,

    /// <summary><c>pwatermark</c>: P(watermark).</summary>
    Watermark,

    /// <summary><c>aesthetic</c>.</summary>
    Aesthetic,

    /// <summary><c>q16</c>: P(inappropriate).</summary>
    Q16,

    /// <summary><c>toxicity</c>: P(toxic text).</summary>
    Toxicity,

    /// <summary><c>NSFW</c>: LAION's tag, and the under-age guard.</summary>
    Tag,
}
