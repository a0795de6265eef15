namespace LaionStream.Models.Tokenizers;

/// <summary>How many tokens a text has.</summary>
/// <param name="Written">Ids written.</param>
/// <param name="Total">Ids the whole text has, start and end included.</param>
internal readonly record struct TokenCount(int Written, int Total);
