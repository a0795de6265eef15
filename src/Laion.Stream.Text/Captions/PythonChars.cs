using LaionStream.Text.Captions.Tables;

namespace LaionStream.Text.Captions;

/// <summary>The character tests of Python 3.11 that the reference programs use.</summary>
internal static class PythonChars
{
    private static readonly ulong[] Printable = Bits(PythonCharTable.Printable);
    private static readonly ulong[] WordChars = Bits(PythonCharTable.WordChars);

    /// <summary><c>str.isprintable</c> of one code point.</summary>
    public static bool IsPrintable(int codePoint) => Has(Printable, codePoint);

    /// <summary><c>\w</c> of the re module.</summary>
    public static bool IsWord(int codePoint) => Has(WordChars, codePoint);

    /// <summary><c>str.isspace</c>, also <c>\s</c> of the re module and what <c>str.strip</c> removes.</summary>
    public static bool IsSpace(char unit) => char.IsWhiteSpace(unit) || unit is >= '\u001C' and <= '\u001F';

    /// <summary>The code point that begins at <paramref name="at"/> and its length in units; a lone surrogate counts as itself.</summary>
    public static (int CodePoint, int Units) At(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            ? (char.ConvertToUtf32(text[at], text[at + 1]), 2)
            : (text[at], 1);

    /// <summary>Number of code points; a lone surrogate counts as one.</summary>
    public static int CodePoints(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        for (int at; (at = text.IndexOfAnyInRange('\uD800', '\uDBFF')) >= 0 && at + 1 < text.Length; text = text[(at + 1)..])
        {
            count -= char.IsLowSurrogate(text[at + 1]) ? 1 : 0;
        }

        return count;
    }

    private static bool Has(ulong[] bits, int codePoint) => (bits[codePoint >> 6] >> (codePoint & 63) & 1) != 0;

    private static ulong[] Bits(ReadOnlySpan<int> ranges)
    {
        var bits = new ulong[0x110000 / 64];
        for (int i = 0; i < ranges.Length; i += 2)
        {
            for (int codePoint = ranges[i]; codePoint <= ranges[i + 1]; codePoint++)
            {
                bits[codePoint >> 6] |= 1UL << (codePoint & 63);
            }
        }

        return bits;
    }
}
