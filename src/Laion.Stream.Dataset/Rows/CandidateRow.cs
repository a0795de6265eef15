namespace LaionStream.Dataset.Rows;

/// <summary>One row of <c>extract</c>'s output (docs/output-format.md, 3): a link with its caption, before any download.</summary>
/// <param name="Url">The picture's address.</param>
/// <param name="Text">The caption; null for lists without one.</param>
/// <param name="Language">CLD3's code without script suffix, or <c>nolang</c>.</param>
/// <param name="License">Creative Commons licence link of the page, else <c>?</c>.</param>
/// <param name="Hash">MurmurHash3 of URL + TEXT.</param>
/// <param name="PageUrl">The page that contained the link.</param>
/// <param name="Source">Name of the input file.</param>
/// <param name="Ordinal">Position among the links of the input file.</param>
/// <param name="Extras">Values of a list's other columns, in the order of the file's extra columns.</param>
public sealed record CandidateRow(
    string Url,
    string? Text,
    string Language,
    string License,
    long Hash,
    string? PageUrl,
    string Source,
    long Ordinal,
    IReadOnlyList<object?>? Extras = null);
