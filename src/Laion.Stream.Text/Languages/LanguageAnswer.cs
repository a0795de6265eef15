namespace LaionStream.Text.Languages;

/// <summary>A language model's answer for one text.</summary>
/// <param name="Language">CLD3's own code, script suffix included (<c>zh-Latn</c>, <c>iw</c>), or <c>und</c>.</param>
/// <param name="Probability">Softmax probability of that language, 0..1.</param>
/// <param name="IsReliable">Probability ≥ 0.7; for hr and bs ≥ 0.5 (google/cld3 src/nnet_language_identifier.cc).</param>
public readonly record struct LanguageAnswer(string Language, float Probability, bool IsReliable);
