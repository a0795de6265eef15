using System.Buffers;
using LaionStream.Text.Html;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Captions;

/// <summary>
/// Repairs text as <c>ftfy.fix_text</c> of ftfy 6.3.1 does with its defaults. Rewritten from its documented behaviour; its character sets and the order of its
/// steps are taken from rspeer/python-ftfy (Apache-2.0).
/// </summary>
internal static class TextRepair
{
    /// <summary>Most code points that are repaired at once (TextFixerConfig.max_decode_length).</summary>
    private const int MaxSegment = 1_000_000;

    /// <summary>ASCII characters that no step changes: no ampersand, no control character but tab, line feed and form feed.</summary>
    private static readonly SearchValues<char> Untouched = SearchValues.Create(
        "\t\n\f" + string.Concat(Enumerable.Range(' ', '\u007F' - ' ').Select(unit => (char)unit).Where(unit => unit != '&')));

    /// <summary>The repaired text; the same string when nothing was wrong.</summary>
    public static string FixText(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Untouched))
        {
            return text;
        }

        int end = SegmentEnd(text, 0);
        bool unescape = !text.AsSpan(0, end).Contains('<');
        if (end == text.Length)
        {
            return FixSegment(text, unescape);
        }

        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            output.Append(FixSegment(text[..end], unescape));
            for (int start = end; start < text.Length; start = end)
            {
                end = SegmentEnd(text, start);
                unescape = unescape && !text.AsSpan(start, end - start).Contains('<'); // a tag makes all that follows HTML
                output.Append(FixSegment(text[start..end], unescape));
            }

            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    private static string FixSegment(string text, bool unescape)
    {
        while (true)
        {
            string before = text;
            text = unescape ? HtmlEntities.UnescapeClosed(text) : text;
            text = EncodingRepair.FixC1(EncodingRepair.Fix(text));
            text = Nfc.Normalize(CharacterFixes.Apply(text));
            if (ReferenceEquals(text, before) || text == before)
            {
                return before;
            }
        }
    }

    /// <summary>The index after the next line feed, or where the segment has become too long.</summary>
    private static int SegmentEnd(string text, int start)
    {
        int feed = text.IndexOf('\n', start);
        int end = feed < 0 ? text.Length : feed + 1;
        if (end - start <= MaxSegment)
        {
            return end;
        }

        int at = start;
        for (int points = 0; points < MaxSegment && at < end; points++)
        {
            at += PythonChars.At(text, at).Units;
        }

        return at;
    }
}
