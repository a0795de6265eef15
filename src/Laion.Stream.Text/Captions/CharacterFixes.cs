using System.Buffers;
using System.Globalization;
using LaionStream.Text.Captions.Tables;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Captions;

/// <summary>
/// The repairs of single characters: ligatures, width, curly quotes, line ends, lone surrogates, terminal escapes and control characters,
/// in the order and with the sets of ftfy 6.3.1 (rspeer/python-ftfy, Apache-2.0: ftfy/fixes.py, ftfy/chardata.py).
/// </summary>
internal static class CharacterFixes
{
    private const char Escape = '\u001B';
    private const char FirstWide = '\uFF01', LastWide = '\uFFEF', WideMacron = '\uFFE3';

    private static readonly SearchValues<char> Replaced = SearchValues.Create(
        "\u3000\u02BC\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F\r\u2028\u2029\u0085"
        + "\u0132\u0133\u0149\u01F1\u01F2\u01F3\u01C4\u01C5\u01C6\u01C7\u01C8\u01C9\u01CA\u01CB\u01CC\uFB00\uFB01\uFB02\uFB03\uFB04\uFB05\uFB06"
        + string.Concat(Enumerable.Range(FirstWide, LastWide - FirstWide + 1).Select(unit => (char)unit)));

    private static readonly SearchValues<char> Removed = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0xFFFF).Select(unit => (char)unit).Where(unit => IsControl(unit) || char.IsSurrogate(unit))));

    /// <summary>Applies all these repairs, once; returns the same string when none applies.</summary>
    public static string Apply(string text) => Remove(Replace(text));

    private static string Replace(string text)
    {
        int first = text.AsSpan().IndexOfAny(Replaced);
        if (first < 0)
        {
            return text;
        }

        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            output.Append(text.AsSpan(0, first));
            for (int i = first; i < text.Length; i++)
            {
                AppendReplacement(text, i, ref output);
            }

            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    private static void AppendReplacement(string text, int at, ref CharBuffer output)
    {
        char unit = text[at];
        if (LigatureParts(unit) is { } parts)
        {
            output.Append(parts);
            return;
        }

        switch (unit)
        {
            case WideMacron:
                output.Append(" \u0304");
                break;
            case >= FirstWide and <= LastWide:
                output.Append(WidthTable.Forms[unit - FirstWide]);
                break;
            case '\u3000':
                output.Append(' ');
                break;
            case '\u02BC' or (>= '\u2018' and <= '\u201B'):
                output.Append('\'');
                break;
            case >= '\u201C' and <= '\u201F':
                output.Append('"');
                break;
            case '\r' when at + 1 < text.Length && text[at + 1] == '\n':
                break;
            case '\r' or '\u2028' or '\u2029' or '\u0085':
                output.Append('\n');
                break;
            default:
                output.Append(unit);
                break;
        }
    }

    /// <summary>The letters of a Latin ligature or digraph; the apostrophe of U+0149 is already straight.</summary>
    private static string? LigatureParts(char unit) => unit switch
    {
        '\u0132' => "IJ",
        '\u0133' => "ij",
        '\u0149' => "'n",
        '\u01F1' => "DZ",
        '\u01F2' => "Dz",
        '\u01F3' => "dz",
        '\u01C4' => "D\u017D",
        '\u01C5' => "D\u017E",
        '\u01C6' => "d\u017E",
        '\u01C7' => "LJ",
        '\u01C8' => "Lj",
        '\u01C9' => "lj",
        '\u01CA' => "NJ",
        '\u01CB' => "Nj",
        '\u01CC' => "nj",
        '\uFB00' => "ff",
        '\uFB01' => "fi",
        '\uFB02' => "fl",
        '\uFB03' => "ffi",
        '\uFB04' => "ffl",
        '\uFB05' => "\u017Ft",
        '\uFB06' => "st",
        _ => null,
    };

    private static string Remove(string text)
    {
        int first = text.AsSpan().IndexOfAny(Removed);
        if (first < 0)
        {
            return text;
        }

        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            output.Append(text.AsSpan(0, first));
            for (int i = first; i < text.Length; i++)
            {
                char unit = text[i];
                if (unit == Escape)
                {
                    i += TerminalEscape(text.AsSpan(i));
                }
                else if (char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                {
                    output.Append(unit);
                    output.Append(text[++i]);
                }
                else if (!IsControl(unit))
                {
                    output.Append(char.IsSurrogate(unit) ? '\uFFFD' : unit);
                }
            }

            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>
    /// Number of units after the escape character that belong to <c>ESC [ digits and semicolons letter</c>; 0 when it is not such a sequence.
    /// </summary>
    private static int TerminalEscape(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[1] != '[')
        {
            return 0;
        }

        int at = 2;
        while (at < text.Length)
        {
            (int point, int units) = PythonChars.At(text, at);
            if (point != ';' && CharUnicodeInfo.GetUnicodeCategory(point) != UnicodeCategory.DecimalDigitNumber)
            {
                return char.IsAsciiLetter(text[at]) ? at : 0;
            }

            at += units;
        }

        return 0;
    }

    private static bool IsControl(char unit) =>
        unit is <= '\u0008' or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F' or (>= '\u206A' and <= '\u206F') or '\uFEFF'
            or (>= '\uFFF9' and <= '\uFFFC');
}
