using System.Text.Unicode;

namespace LaionStream.Text.Languages;

/// <summary>Google's CLD3 in managed code: the same language and, to 1e-4, the same probability. A call allocates nothing and is safe on any thread.</summary>
/// <param name="minBytes">Texts with fewer bytes after cleaning are <c>und</c>; LAION-5B used 5.</param>
/// <param name="maxBytes">Of longer texts, evenly spaced snippets of this many bytes in all are judged; LAION-5B used 2000.</param>
internal sealed class Cld3LanguageModel(int minBytes = 5, int maxBytes = 2000) : ILanguageModel
{
    private const string Undetermined = "und";

    // google/cld3 src/nnet_language_identifier.cc: kReliabilityThreshold and kReliabilityHrBsThreshold.
    private const float ReliableFrom = 0.7f;
    private const float ReliableFromHrBs = 0.5f;

    private readonly Cld3Weights _weights = Cld3Weights.Shared;

    /// <inheritdoc/>
    /// <remarks>A lone surrogate counts as U+FFFD, which is what a file written as UTF-8 holds.</remarks>
    public LanguageAnswer Identify(ReadOnlySpan<char> text)
    {
        Cld3Scratch scratch = Cld3Scratch.OfThread;
        Utf8.FromUtf16(text, scratch.Text, out _, out int bytes, replaceInvalidSequences: true);
        return Identify(scratch, bytes);
    }

    /// <summary>Finds the language of UTF-8 text, well formed or not: only the part before the first invalid byte is judged.</summary>
    public LanguageAnswer Identify(ReadOnlySpan<byte> utf8)
    {
        Cld3Scratch scratch = Cld3Scratch.OfThread;
        int bytes = Math.Min(utf8.Length, scratch.Text.Length);
        utf8[..bytes].CopyTo(scratch.Text);
        return Identify(scratch, bytes);
    }

    private LanguageAnswer Identify(Cld3Scratch scratch, int bytes)
    {
        ReadOnlySpan<byte> text = scratch.Text.AsSpan(0, bytes);
        Span<byte> cleaned = scratch.Cleaned;
        int length = ScriptSpans.Clean(text, ScriptSpans.ValidPrefix(text), cleaned);
        if (length < minBytes)
        {
            return new LanguageAnswer(Undetermined, 0, false);
        }

        cleaned.Slice(length, Cld3Scratch.Padding).Clear();
        length = TextSqueeze.Squeeze(cleaned, length, scratch.Predictions);
        if (length < minBytes)
        {
            return new LanguageAnswer(Undetermined, 0, false);
        }

        ReadOnlySpan<byte> selected = cleaned[..length];
        if (length > maxBytes)
        {
            selected = scratch.Selected.AsSpan(0, TextSnippets.Select(selected, maxBytes, scratch.Selected));
        }

        Cld3Features.Extract(selected, _weights, scratch);
        (int index, float probability) = Cld3Network.Run(_weights, scratch);
        string language = _weights.Languages[index];
        return new LanguageAnswer(language, probability, probability >= (language is "hr" or "bs" ? ReliableFromHrBs : ReliableFrom));
    }
}
