using System.Globalization;
using LaionStream.Text.Captions;
using LaionStream.Text.Unicode;

namespace LaionStream.Engine.Candidates;

/// <summary>The form of a caption: white space, format characters, length.</summary>
internal static class CaptionShape
{
    private const int NonJoiner = 0x200C, Joiner = 0x200D;

    /// <summary>
    /// Replaces each run of white space by one space, and trims it; removes format characters (Cf) except one joiner or non-joiner between letters, marks or
    /// emoji; keeps at most <paramref name="maxPoints"/> code points.
    /// </summary>
    /// <returns>The text; the same string when nothing changes.</returns>
    public static string Tidy(string text, int maxPoints)
    {
        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            Tidy(text, maxPoints, ref output);
            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>The same, written to <paramref name="output"/>; returns the number of code points written.</summary>
    public static int Tidy(ReadOnlySpan<char> text, int maxPoints, ref CharBuffer output)
    {
        int points = 0;
        int pending = 0; // a space or a joiner that is written only when a character that may follow it does
        int last = ' ';
        for (int at = 0, units; at < text.Length; at += units)
        {
            (int point, units) = PythonChars.At(text, at);
            if (point < 0x10000 && char.IsWhiteSpace((char)point))
            {
                pending = points > 0 ? ' ' : 0;
                continue;
            }

            if (IsFormat(point))
            {
                pending = pending == 0 && point is NonJoiner or Joiner && Joins(last) ? point : pending;
                continue;
            }

            pending = pending is NonJoiner or Joiner && !Joins(point) ? 0 : pending;
            int more = pending == 0 ? 1 : 2;
            if (points + more > maxPoints)
            {
                break;
            }

            if (pending != 0)
            {
                output.Append((char)pending);
            }

            output.AppendCodePoint(point);
            points += more;
            last = point;
            pending = 0;
        }

        return points;
    }

    /// <summary>General category Cf of Unicode 15.</summary>
    public static bool IsFormat(int point) => point switch
    {
        < 0xAD => false,
        0xAD or (>= 0x600 and <= 0x605) or 0x61C or 0x6DD or 0x70F or 0x890 or 0x891 or 0x8E2 or 0x180E => true,
        >= 0x200B and <= 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2064) or (>= 0x2066 and <= 0x206F) => true,
        0xFEFF or (>= 0xFFF9 and <= 0xFFFB) or 0x110BD or 0x110CD or (>= 0x13430 and <= 0x1343F) => true,
        >= 0x1BCA0 and <= 0x1BCA3 or (>= 0x1D173 and <= 0x1D17A) or 0xE0001 or (>= 0xE0020 and <= 0xE007F) => true,
        _ => false,
    };

    /// <summary>Whether a joiner may be beside the code point: letters, their marks, emoji.</summary>
    private static bool Joins(int point) => CharUnicodeInfo.GetUnicodeCategory(point) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        _ => IsEmoji(point),
    };

    /// <summary>Extended_Pictographic, skin tones and flag letters, by the blocks and single characters of Unicode 15's emoji-data.txt.</summary>
    private static bool IsEmoji(int point) => point switch
    {
        0xA9 or 0xAE or 0x203C or 0x2049 or 0x2122 or 0x2139 or (>= 0x2194 and <= 0x2199) or 0x21A9 or 0x21AA => true,
        0x231A or 0x231B or 0x2328 or 0x2388 or 0x23CF or (>= 0x23E9 and <= 0x23F3) or (>= 0x23F8 and <= 0x23FA) or 0x24C2 => true,
        0x25AA or 0x25AB or 0x25B6 or 0x25C0 or (>= 0x25FB and <= 0x25FE) or (>= 0x2600 and <= 0x27BF) => true,
        0x2934 or 0x2935 or (>= 0x2B05 and <= 0x2B07) or 0x2B1B or 0x2B1C or 0x2B50 or 0x2B55 or 0x3030 or 0x303D or 0x3297 or 0x3299 => true,
        >= 0x1F000 and <= 0x1FAFF or (>= 0x1FC00 and <= 0x1FFFD) => true,
        _ => false,
    };
}
