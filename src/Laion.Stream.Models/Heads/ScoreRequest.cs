using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Heads;

/// <summary>One row to score.</summary>
/// <param name="Pictures">The picture in each form that the models need, in their order; the first is CLIP's. The caller keeps ownership.</param>
/// <param name="Text">The caption; null for a row without one.</param>
/// <param name="IsEnglish">Whether CLIP's own text tower reads the caption even when there is a multilingual one.</param>
internal readonly record struct ScoreRequest(IReadOnlyList<PixelInput> Pictures, string? Text, bool IsEnglish);
