namespace LaionStream.Models.Tokenizers;

/// <summary>Turns text into a model's token ids. Has a cache: not safe for concurrent use.</summary>
internal interface ITextTokenizer
{
    /// <summary>The id that pads a row after its tokens.</summary>
    int PadId { get; }

    /// <summary>Writes the ids of a text, with start and end tokens.</summary>
    /// <param name="text">The caption after the caption rules.</param>
    /// <param name="ids">Receives the ids; a text with more tokens is truncated to this length and still ends with the end token.</param>
    TokenCount Encode(ReadOnlySpan<char> text, Span<int> ids);

    /// <summary>Another tokenizer over the same vocabulary, for another thread.</summary>
    ITextTokenizer Clone();
}
