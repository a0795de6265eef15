namespace LaionStream.Models.Tokenizers;

/// <summary>Turns text into a model's token ids. Keeps a cache: one caller at a time.</summary>
internal interface ITextTokenizer
{
    /// <summary>The id that fills a row after its tokens.</summary>
    int PadId { get; }

    /// <summary>Writes the ids of a text, start and end tokens included.</summary>
    /// <param name="text">As the caption rules left it.</param>
    /// <param name="ids">Where they go; a text of more tokens is cut to this length and still ends with the end token.</param>
    TokenCount Encode(ReadOnlySpan<char> text, Span<int> ids);

    /// <summary>Another tokenizer over the same vocabulary, for another thread.</summary>
    ITextTokenizer Clone();
}
