using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Models.Tokenizers;
using LaionStream.Text.Languages;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>The outcome of the caption rules, CLD3 and CLIP's tokenizer for a text.</summary>
/// <param name="captions">The run's caption rules.</param>
/// <param name="languages">The run's language model.</param>
/// <param name="tokenizer">Null when there is no vocabulary: then there is no field <c>tokens</c>.</param>
/// <param name="context">Most tokens of a text.</param>
internal sealed class TextExplainer(CaptionRules captions, ILanguageModel languages, ITextTokenizer? tokenizer, int context)
{
    private readonly int[] _ids = new int[context];

    /// <summary>Explains a text.</summary>
    /// <param name="text">As found; may hold lone surrogates.</param>
    /// <param name="raw">Whether the text itself is the caption, without any rule.</param>
    public Answer Explain(string text, bool raw)
    {
        string? caption = Caption(text, raw, out DropReason reason);
        LanguageAnswer? language = caption is null ? null : languages.Identify(caption);
        var answer = new Answer
        {
            { "caption", caption },
            { "reason", reason },
            { "language", language?.Language },
            { "probability", language?.Probability },
            { "reliable", language?.IsReliable },
            { "set", language is { } known ? SetOf(known) : null },
        };
        if (tokenizer is not null) { answer.Add("tokens", caption is null ? null : Tokens(tokenizer, caption)); }
        return answer;
    }

    /// <summary>The caption of a text.</summary>
    /// <param name="text">As found.</param>
    /// <param name="raw">Whether no rule applies.</param>
    /// <param name="reason">Why there is none.</param>
    /// <returns>Null when the rules drop the text. Under <c>laion5b</c>, before its escapes for SQL.</returns>
    public string? Caption(string text, bool raw, out DropReason reason)
    {
        reason = DropReason.None;
        if (raw) { return text; }
        captions.TryClean(text, out string? caption, out reason);
        return caption;
    }

    /// <summary>The output set of a caption.</summary>
    public string SetOf(string caption) => SetOf(languages.Identify(caption));

    private static string SetOf(LanguageAnswer answer) => LanguageRules.Set(LanguageRules.Language(answer));

    private int[] Tokens(ITextTokenizer words, string caption) => _ids[..words.Encode(caption, _ids).Written];
}
