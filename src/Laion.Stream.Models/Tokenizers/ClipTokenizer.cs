using System.Buffers;
using System.Globalization;
using System.Text;
using LaionStream.Text.Html;

namespace LaionStream.Models.Tokenizers;

/// <summary>
/// CLIP's byte-level BPE as OpenAI runs it, without ftfy (captions are repaired before): unescape twice, strip, collapse white space, lower-case, split, merge
/// (openai/CLIP clip/simple_tokenizer.py). Caches the ids of words.
/// </summary>
internal sealed class ClipTokenizer : ITextTokenizer
{
    /// <summary>The first token of every row; also a token where a text contains it.</summary>
    public const string StartToken = "<|startoftext|>";

    /// <summary>The last token of every row; also a token where a text contains it.</summary>
    public const string EndToken = "<|endoftext|>";

    /// <summary>Words cached; when full, the cache is cleared. Few words make up most of the captions.</summary>
    private const int CacheSize = 1 << 16;

    private const int LongestCached = 32;

    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'\u017F"]; // ſ equals s when case is ignored

    private readonly ClipVocabulary _vocabulary;
    private readonly Dictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _seen;

    /// <summary>A tokenizer with an empty cache.</summary>
    public ClipTokenizer(ClipVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _seen = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The vocabulary.</summary>
    public ClipVocabulary Vocabulary => _vocabulary;

    /// <inheritdoc/>
    /// <remarks>0, as OpenAI pads; what follows the end token does not influence the embedding.</remarks>
    public int PadId => 0;

    /// <inheritdoc/>
    public ITextTokenizer Clone() => new ClipTokenizer(_vocabulary);

    /// <inheritdoc/>
    public TokenCount Encode(ReadOnlySpan<char> text, Span<int> ids)
    {
        if (text.Contains('&')) { text = HtmlEntities.Unescape(HtmlEntities.Unescape(text)); }

        char[] buffer = ArrayPool<char>.Shared.Rent((text.Length * 3) + 1);
        Span<char> collapsed = buffer.AsSpan(0, text.Length);
        collapsed = collapsed[..Collapse(text, collapsed)];
        Span<char> lower = buffer.AsSpan(text.Length);
        lower = lower[..PythonLower.Write(collapsed, lower)];

        var row = new TokenRow(ids);
        row.Add(_vocabulary.Start);
        while (!lower.IsEmpty)
        {
            int length = NextToken(lower, out Kind kind);
            if (kind == Kind.Special)
            {
                row.Add(lower[2] == 's' ? _vocabulary.Start : _vocabulary.End);
            }
            else if (kind == Kind.Word)
            {
                AddWord(lower[..length], ref row);
            }

            lower = lower[length..];
        }

        ArrayPool<char>.Shared.Return(buffer);
        return row.Finish(_vocabulary.End);
    }

    /// <summary>Strips as Python's <c>str.strip</c> and replaces every run of white space by one space.</summary>
    private static int Collapse(ReadOnlySpan<char> text, Span<char> collapsed)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsPythonSpace(text[start])) { start++; }

        while (end > start && IsPythonSpace(text[end - 1])) { end--; }

        int written = 0;
        bool blank = false;
        foreach (char c in text[start..end])
        {
            bool space = char.IsWhiteSpace(c);
            if (!space || !blank) { collapsed[written++] = space ? ' ' : c; }

            blank = space;
        }

        return written;
    }

    /// <summary>Python's <c>str.isspace</c>: Unicode white space and the four information separators.</summary>
    private static bool IsPythonSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary>
    /// Length of the next match of CLIP's pattern <c>specials | 's|'t|'re|'ve|'m|'ll|'d | [\p{L}]+ | [\p{N}] | [^\s\p{L}\p{N}]+</c>;
    /// <see cref="Kind.Space"/> when nothing matches.
    /// </summary>
    private static int NextToken(ReadOnlySpan<char> text, out Kind kind)
    {
        kind = Kind.Special;
        if (text.StartsWith(StartToken, StringComparison.Ordinal)) { return StartToken.Length; }

        if (text.StartsWith(EndToken, StringComparison.Ordinal)) { return EndToken.Length; }

        kind = Kind.Word;
        if (text[0] == '\'')
        {
            foreach (string contraction in Contractions)
            {
                if (text.StartsWith(contraction, StringComparison.Ordinal)) { return contraction.Length; }
            }
        }

        Class first = ClassAt(text, 0, out int length);
        if (first == Class.Space)
        {
            kind = Kind.Space;
            return length;
        }

        if (first == Class.Number) { return length; }

        int at = length;
        while (at < text.Length && ClassAt(text, at, out length) == first) { at += length; }

        return at;
    }

    private static Class ClassAt(ReadOnlySpan<char> text, int at, out int length)
    {
        char c = text[at];
        length = 1;
        if (char.IsAscii(c))
        {
            return char.IsAsciiLetter(c) ? Class.Letter : char.IsAsciiDigit(c) ? Class.Number : char.IsWhiteSpace(c) ? Class.Space : Class.Other;
        }

        if (Rune.DecodeFromUtf16(text[at..], out Rune rune, out length) != OperationStatus.Done) { return Class.Other; }

        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Class.Letter, // Lu, Ll, Lt, Lm, Lo are the first five
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Class.Number,
            _ => Rune.IsWhiteSpace(rune) ? Class.Space : Class.Other,
        };
    }

    private void AddWord(ReadOnlySpan<char> word, ref TokenRow row)
    {
        if (_seen.TryGetValue(word, out int[]? known))
        {
            row.Add(known);
            return;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        int[] symbols = ArrayPool<int>.Shared.Rent(bytes.Length);
        int count = Encoding.UTF8.GetBytes(word, bytes);
        for (int i = 0; i < count - 1; i++) { symbols[i] = _vocabulary.Inner(bytes[i]); }

        symbols[count - 1] = _vocabulary.Final(bytes[count - 1]);
        ReadOnlySpan<int> joined = symbols.AsSpan(0, BytePairs.Join(_vocabulary, symbols.AsSpan(0, count)));
        row.Add(joined);
        if (word.Length <= LongestCached)
        {
            if (_words.Count == CacheSize) { _words.Clear(); }

            _words.Add(word.ToString(), joined.ToArray());
        }

        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<int>.Shared.Return(symbols);
    }

    private enum Kind
    {
        Space,
        Word,
        Special,
    }

    private enum Class
    {
        Letter,
        Number,
        Other,
        Space,
    }
}
