using System.Buffers;
using System.Globalization;
using System.Text;

namespace LaionStream.Models.Tokenizers;

/// <summary>
/// Lower case as Python's <c>str.lower</c>: Unicode's full mapping with the final sigma rule (Unicode 3.13, D136 and SpecialCasing.txt).
/// Beyond the simple mapping only U+0130 becomes two characters, and only U+03A3 depends on its context.
/// </summary>
internal static class PythonLower
{
    /// <summary>Writes a text in lower case.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="lower">At least twice as long as the text.</param>
    /// <returns>Characters written.</returns>
    public static int Write(ReadOnlySpan<char> text, Span<char> lower)
    {
        int at = 0;
        int written = 0;
        while (at < text.Length)
        {
            char c = text[at];
            if (char.IsAscii(c))
            {
                lower[written++] = (uint)(c - 'A') <= 'Z' - 'A' ? (char)(c | 0x20) : c;
                at++;
            }
            else if (Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length) != OperationStatus.Done)
            {
                lower[written++] = c; // an unpaired surrogate is unchanged
                at++;
            }
            else
            {
                written += Write(rune, text, at, lower[written..]);
                at += length;
            }
        }

        return written;
    }

    private static int Write(Rune rune, ReadOnlySpan<char> text, int at, Span<char> lower)
    {
        if (rune.Value == 0x130)
        {
            lower[0] = 'i';
            lower[1] = '\u0307';
            return 2;
        }

        if (rune.Value == 0x3A3)
        {
            lower[0] = IsFinalSigma(text, at) ? '\u03C2' : '\u03C3';
            return 1;
        }

        return Rune.ToLowerInvariant(rune).EncodeToUtf16(lower);
    }

    /// <summary>Whether a sigma follows a cased letter and precedes none, with case-ignorable characters skipped.</summary>
    private static bool IsFinalSigma(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> before = text[..at];
        bool cased = false;
        while (Rune.DecodeLastFromUtf16(before, out Rune rune, out int length) == OperationStatus.Done)
        {
            before = before[..^length];
            if (IsCaseIgnorable(rune)) { continue; }

            cased = IsCased(rune);
            break;
        }

        if (!cased) { return false; }

        ReadOnlySpan<char> after = text[(at + 1)..];
        while (Rune.DecodeFromUtf16(after, out Rune rune, out int length) == OperationStatus.Done)
        {
            after = after[length..];
            if (!IsCaseIgnorable(rune)) { return !IsCased(rune); }
        }

        return true;
    }

    /// <summary>Unicode's Case_Ignorable: marks, format characters, modifiers, and the word-break classes MidLetter, MidNumLet and Single_Quote.</summary>
    private static bool IsCaseIgnorable(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || rune.Value is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A;

    /// <summary>Unicode's Cased without the modifier letters, which are case-ignorable and never tested here.</summary>
    private static bool IsCased(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || rune.Value is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
}
