using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using LaionStream.Dataset.Rows;
using LaionStream.Text.Captions;
using LaionStream.Text.Html;
using LaionStream.Text.Unicode;

namespace LaionStream.Engine.Candidates;

/// <summary>Turns an alt text into a caption, or finds that it has none (docs/spec.md, 5.3). Stateless: one instance serves all threads.</summary>
internal sealed class CaptionRules(CandidateOptions options)
{
    /// <summary>
    /// Only this many UTF-16 units of an alt text are read. Captions end at 2000 code points by default; a megabyte of nested mojibake must not delay a file.
    /// </summary>
    private const int MaxRaw = 1 << 16;

    private const string AsciiLineBreaks = "\t\n\v\f\r";

    private static readonly SearchValues<char> LineBreaks = SearchValues.Create(AsciiLineBreaks);

    private static readonly SearchValues<char> PlainAscii =
        SearchValues.Create(AsciiLineBreaks + string.Concat(Enumerable.Range(' ', '\u007F' - ' ').Select(unit => (char)unit)));

    private readonly int _min = options.MinCaption;
    private readonly int _max = options.MaxCaption;
    private readonly bool _laion = options.Rules == CandidateRuleSet.Laion5b;
    private readonly bool _dropBoilerplate = options.DropBoilerplate;

    /// <summary>
    /// Cleans an alt text. Under <see cref="CandidateRuleSet.Laion5b"/> the result is the text whose language LAION-5B detects; see <see cref="Stored"/>.
    /// </summary>
    /// <param name="raw">The alt text as found, after decoding the container's JSON or HTML.</param>
    /// <param name="caption">The caption, within the options' limits; null when dropped.</param>
    /// <param name="reason"><see cref="DropReason.ShortCaption"/> when too little is left, or only boilerplate; else <see cref="DropReason.None"/>.</param>
    public bool TryClean(ReadOnlySpan<char> raw, [NotNullWhen(true)] out string? caption, out DropReason reason)
    {
        if (raw.Length > MaxRaw)
        {
            raw = raw[..(char.IsHighSurrogate(raw[MaxRaw - 1]) ? MaxRaw - 1 : MaxRaw)];
        }

        caption = _laion ? CleanAsLaion(raw) : CleanByDefault(raw);
        if (caption is not null && _dropBoilerplate && Boilerplate.Is(caption))
        {
            caption = null;
        }

        reason = caption is null ? DropReason.ShortCaption : DropReason.None;
        return caption is not null;
    }

    /// <summary>
    /// The caption for the TEXT column: unchanged, or as LAION-5B stores it, with spaces for pipes and doubled backslashes (ccpp.py writes COPY format).
    /// </summary>
    public string Stored(string caption) => _laion ? caption.Replace('|', ' ').Replace("\\", "\\\\", StringComparison.Ordinal) : caption;

    private string? CleanAsLaion(ReadOnlySpan<char> raw)
    {
        string text = LaionCaption.Clean(raw);
        int points = PythonChars.CodePoints(text);
        return points < _min || points == 0 ? null : points > _max ? Cut(text) : text;
    }

    private string Cut(string text)
    {
        int at = 0;
        for (int points = 0; points < _max; points++)
        {
            at += PythonChars.At(text, at).Units;
        }

        return text[..at];
    }

    /// <summary>
    /// The order of docs/spec.md, 5.3. The repair runs once, before the entities are decoded and format characters are removed: mojibake that cannot be
    /// decoded must not lose a soft hyphen, which was one of its bytes, and then decode to something that nobody wrote. So a cleaned caption is stable only if
    /// it no longer looks damaged.
    /// </summary>
    private string? CleanByDefault(ReadOnlySpan<char> raw)
    {
        if (!raw.ContainsAnyExcept(PlainAscii) && HtmlEntities.NothingIn(raw))
        {
            return TidyAscii(raw);
        }

        string text = TextRepair.FixText(LineEnds(raw));
        text = HtmlEntities.Unescape(HtmlEntities.Unescape(text));
        for (string before = string.Empty; text != before;)
        {
            before = text;
            text = CaptionShape.Tidy(Nfc.Normalize(text), _max); // without a format character the characters beside it may compose
        }

        return text.Length == 0 || PythonChars.CodePoints(text) < _min ? null : text;
    }

    /// <summary>Clean ASCII only needs its white space tidied; allocates the caption if it is kept, and nothing if it is not.</summary>
    private string? TidyAscii(ReadOnlySpan<char> raw)
    {
        raw = raw.Trim();
        if (raw.Length < _min || raw.IsEmpty)
        {
            return null;
        }

        if (raw.Length <= _max && !raw.ContainsAny(LineBreaks) && raw.IndexOf("  ", StringComparison.Ordinal) < 0)
        {
            return new string(raw);
        }

        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            return CaptionShape.Tidy(raw, _max, ref output) < _min ? null : new string(output.Written);
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>
    /// Protects the line ends that the repair would misinterpret: VT as a control character, and NEL as Windows-1252's ellipsis. NEL is kept when other
    /// characters beyond ASCII suggest mis-decoded text. A form feed is white space that the repair does not change.
    /// </summary>
    private static string LineEnds(ReadOnlySpan<char> raw)
    {
        const char Vertical = '\v', NextLine = '\u0085', FormFeed = '\f';
        string text = new(raw);
        if (raw.Contains(Vertical))
        {
            text = text.Replace(Vertical, FormFeed);
        }

        return raw.Contains(NextLine) && OnlyLineEndsBeyondAscii(raw) ? text.Replace(NextLine, FormFeed) : text;
    }

    private static bool OnlyLineEndsBeyondAscii(ReadOnlySpan<char> raw)
    {
        foreach (char unit in raw)
        {
            if (unit > '\u007F' && unit is not ('\u0085' or '\u2028' or '\u2029'))
            {
                return false;
            }
        }

        return true;
    }
}
