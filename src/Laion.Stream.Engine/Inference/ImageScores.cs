namespace LaionStream.Engine.Inference;

/// <summary>What the models say of one row. Null where no such model is loaded.</summary>
/// <param name="Similarity">Cosine of the CLIP image and text embeddings, computed in double; null for rows without text.</param>
/// <param name="Nsfw">LAION's tag <c>UNLIKELY</c>, <c>UNSURE</c> or <c>NSFW</c>.</param>
/// <param name="Watermark">P(watermark), 0..1.</param>
/// <param name="Unsafe">P(NSFW), 0..1.</param>
/// <param name="Aesthetic">Aesthetic score, about 0..10.</param>
/// <param name="Q16">P(inappropriate), 0..1.</param>
/// <param name="Toxicity">P(toxic text), 0..1.</param>
/// <param name="Underage">Whether the under-age guard fired.</param>
public sealed record ImageScores(
    double? Similarity,
    string? Nsfw = null,
    float? Watermark = null,
    float? Unsafe = null,
    float? Aesthetic = null,
    float? Q16 = null,
    float? Toxicity = null,
    bool Underage = false);
