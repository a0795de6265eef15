using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaionStream.Explorer.Http;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Queries;

/// <summary>A filter that was checked, and whether unsafe rows are left out.</summary>
internal sealed class RowFilter
{
    private const int MostItems = 1000;
    private const int MostText = 1000;
    private const int LongestKey = 1000;
    private const float LeastUnsafe = 0.5f; // as clip-retrieval's safety model
    private static readonly string AllKey = JsonSerializer.Serialize(new FilterBody(), QueriesJson.Default.FilterBody);

    private readonly FilterBody _body;
    private readonly bool _hidesUnsafe;
    private readonly (long From, long To)? _fetched;
    private readonly byte[]? _text;

    /// <summary>Checks a filter.</summary>
    /// <param name="body">As it was sent; null for all rows.</param>
    /// <param name="hidesUnsafe">Whether unsafe rows are left out.</param>
    /// <exception cref="ApiException">It has a mistake.</exception>
    public RowFilter(FilterBody? body, bool hidesUnsafe)
    {
        (_body, _hidesUnsafe) = (body ?? new FilterBody(), hidesUnsafe);
        Check(_body.Folders, "filter.folders");
        Check(_body.Sets, "filter.sets");
        Check(_body.Languages, "filter.languages");
        Check(_body.Licences, "filter.licences");
        Check(_body.Domains, "filter.domains");
        if (_body.Text is { Length: > MostText }) { throw ApiException.Bad($"A text of at most {MostText} characters is wanted.", "filter.text"); }
        if (_body.Scores is { } scores && (scores.Count > 64 || scores.Values.Any(range => range is null)))
        {
            throw ApiException.Bad("At most 64 ranges of scores are wanted, each with min or max.", "filter.scores");
        }

        Check(_body.Width, "filter.width");
        Check(_body.Height, "filter.height");
        Check(_body.Aspect, "filter.aspect");
        foreach ((string score, NumberRange range) in _body.Scores ?? new Dictionary<string, NumberRange>()) { Check(range, "filter.scores." + score); }
        if (_body.Date is { } date)
        {
            _fetched = (At(date.From, "filter.date.from", false) ?? long.MinValue, At(date.To, "filter.date.to", true) ?? long.MaxValue);
        }
        _text = string.IsNullOrEmpty(_body.Text) ? null : Encoding.UTF8.GetBytes(_body.Text.ToLowerInvariant());
        Key = KeyOf(_body) + (hidesUnsafe ? "!" : "");
    }

    /// <summary>Equal for filters that let the same rows pass.</summary>
    public string Key { get; }

    /// <summary>Whether it lets every row pass.</summary>
    public bool IsAll => Key == AllKey;

    /// <summary>The rows of a file that pass, a bit for each.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">Name of its folder.</param>
    public ulong[] Bits(RowFile file, string folder)
    {
        var bits = new ulong[(file.Rows + 63) / 64];
        if (_body.Folders is { Count: > 0 } folders && !folders.Contains(folder, StringComparer.Ordinal)) { return bits; }

        bits.AsSpan().Fill(ulong.MaxValue);
        if ((file.Rows & 63) != 0) { bits[^1] = (1UL << (file.Rows & 63)) - 1; }

        Keep(bits, file, RowText.Set, _body.Sets);
        Keep(bits, file, RowText.Language, _body.Languages);
        Keep(bits, file, RowText.Licence, _body.Licences);
        Keep(bits, file, RowText.Domain, _body.Domains);
        if (_body.Width is { } width) { Keep(bits, file.Numbers(RowNumber.Width), value => width.Has(value)); }
        if (_body.Height is { } height) { Keep(bits, file.Numbers(RowNumber.Height), value => height.Has(value)); }
        if (_fetched is var (from, to)) { Keep(bits, file.Longs(RowLong.Fetched), value => value != long.MinValue && value >= from && value <= to); }
        foreach ((string column, NumberRange range) in _body.Scores ?? new Dictionary<string, NumberRange>())
        {
            ReadOnlySpan<float> score = file.Score(column);
            if (score.IsEmpty) { Array.Clear(bits); }
            else { KeepScores(bits, score, range); }
        }

        if (_hidesUnsafe) { HideUnsafe(bits, file); }
        KeepAspects(bits, file);
        KeepCaptions(bits, file);
        return bits;
    }

    /// <summary>Whether a row is unsafe: by its score where it has one, else by its tag.</summary>
    /// <param name="tag">LAION's tag; empty when there is none.</param>
    /// <param name="punsafe">The score; NaN when there is none.</param>
    public static bool IsUnsafe(string tag, float punsafe) => tag == "NSFW" || (float.IsNaN(punsafe) ? tag == "UNSURE" : punsafe >= LeastUnsafe);

    // Limits are rounded as scores were: a limit of 0.31 lets a score of 0.31 pass, though its float is a little less.
    private static void KeepScores(ulong[] bits, ReadOnlySpan<float> scores, NumberRange range)
    {
        (float min, float max) = ((float)(range.Min ?? double.NegativeInfinity), (float)(range.Max ?? double.PositiveInfinity));
        Keep(bits, scores, value => value >= min && value <= max);
    }

    // Answers are kept by it: a stranger's list of a thousand long names must not stay in memory with each.
    private static string KeyOf(FilterBody body)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, QueriesJson.Default.FilterBody);
        return json.Length <= LongestKey ? Encoding.UTF8.GetString(json) : Convert.ToHexString(SHA256.HashData(json));
    }

    // A number such as 1e999 is read as an infinite one, which no JSON can say.
    private static void Check(NumberRange? range, string field)
    {
        if (!double.IsFinite(range?.Min ?? 0) || !double.IsFinite(range?.Max ?? 0)) { throw ApiException.Bad("A number is out of range.", field); }
    }

    private static void Check(IReadOnlyList<string>? items, string field)
    {
        if (items is null) { return; }
        if (items.Count > MostItems) { throw ApiException.Bad($"At most {MostItems} items are wanted.", field); }
        if (items.Any(item => item is null)) { throw ApiException.Bad("An item is null.", field); }
    }

    private static long? At(string? text, string field, bool isEnd)
    {
        if (string.IsNullOrEmpty(text)) { return null; }
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at))
        {
            throw ApiException.Bad("A date such as 2024-05-31, or a time in ISO 8601, is wanted.", field);
        }

        return at.ToUnixTimeMilliseconds() + (isEnd && text.Length <= 10 ? 86_399_999 : 0);
    }

    private static void Keep(ulong[] bits, RowFile file, RowText column, IReadOnlyList<string>? items)
    {
        if (items is not { Count: > 0 }) { return; }
        RowTexts texts = file.Texts(column);
        var wanted = new bool[texts.Count];
        bool isAny = false;
        foreach (string item in items)
        {
            int place = texts.Find(item);
            if (place < 0) { continue; }
            (wanted[place], isAny) = (true, true);
        }

        if (isAny) { Keep(bits, file.Places(column), place => wanted[place]); }
        else { Array.Clear(bits); }
    }

    private static void Keep<T>(ulong[] bits, ReadOnlySpan<T> column, Func<T, bool> passes)
    {
        for (int word = 0; word < bits.Length; word++)
        {
            ulong kept = bits[word];
            for (ulong left = kept; left != 0; left &= left - 1)
            {
                int bit = System.Numerics.BitOperations.TrailingZeroCount(left);
                if (!passes(column[(word * 64) + bit])) { kept &= ~(1UL << bit); }
            }

            bits[word] = kept;
        }
    }

    private static void HideUnsafe(ulong[] bits, RowFile file)
    {
        RowTexts texts = file.Texts(RowText.Nsfw);
        (int tagged, int unsure) = (texts.Find("NSFW"), texts.Find("UNSURE"));
        ReadOnlySpan<int> places = file.Places(RowText.Nsfw);
        ReadOnlySpan<float> scores = file.Score("punsafe");
        if (tagged < 0 && unsure < 0 && scores.IsEmpty) { return; }
        for (int row = 0; row < file.Rows; row++)
        {
            float score = scores.IsEmpty ? float.NaN : scores[row];
            bool isUnsafe = (tagged >= 0 && places[row] == tagged) || (float.IsNaN(score) ? unsure >= 0 && places[row] == unsure : score >= LeastUnsafe);
            if (isUnsafe) { bits[row >> 6] &= ~(1UL << (row & 63)); }
        }
    }

    private void KeepAspects(ulong[] bits, RowFile file)
    {
        if (_body.Aspect is not { } aspect) { return; }
        ReadOnlySpan<int> widths = file.Numbers(RowNumber.Width);
        ReadOnlySpan<int> heights = file.Numbers(RowNumber.Height);
        for (int row = 0; row < file.Rows; row++)
        {
            if (!aspect.Has(widths[row] / (double)heights[row])) { bits[row >> 6] &= ~(1UL << (row & 63)); }
        }
    }

    private void KeepCaptions(ulong[] bits, RowFile file)
    {
        if (_text is not { } text) { return; }
        for (int word = 0; word < bits.Length; word++)
        {
            for (ulong left = bits[word]; left != 0; left &= left - 1)
            {
                int row = (word * 64) + System.Numerics.BitOperations.TrailingZeroCount(left);
                if (file.Caption(row).IndexOf(text) < 0) { bits[word] &= ~(1UL << (row & 63)); }
            }
        }
    }
}
