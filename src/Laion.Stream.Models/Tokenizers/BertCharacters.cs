using System.Globalization;
using System.Text;

namespace LaionStream.Models.Tokenizers;

/// <summary>
/// BERT's character classes as the Hugging Face library has them (huggingface/tokenizers, normalizers/bert.rs and pre_tokenizers/bert.rs): its tables are those
/// of Unicode 8, so that it treats newer characters as letters. Compared with the library for every code point.
/// </summary>
internal static class BertCharacters
{
    /// <summary>Format characters added after Unicode 8, as pairs of first and last.</summary>
    private static readonly int[] YoungFormats = [0x890, 0x891, 0x8E2, 0x8E2, 0x110CD, 0x110CD, 0x13430, 0x1343F];

    /// <summary>Punctuation added after Unicode 8, as pairs of first and last.</summary>
    private static readonly int[] YoungPunctuation =
    [
        0x61D, 0x61D, 0x9FD, 0x9FD, 0xA76, 0xA76, 0xC77, 0xC77, 0xC84, 0xC84, 0x1B4E, 0x1B4F, 0x1B7D, 0x1B7F, 0x2E43, 0x2E4F, 0x2E52, 0x2E5D, 0x10D6E, 0x10D6E,
        0x10EAD, 0x10EAD, 0x10F55, 0x10F59, 0x10F86, 0x10F89, 0x113D4, 0x113D5, 0x113D7, 0x113D8, 0x1144B, 0x1144F, 0x1145A, 0x1145B, 0x1145D, 0x1145D,
        0x11660, 0x1166C, 0x116B9, 0x116B9, 0x1183B, 0x1183B, 0x11944, 0x11946, 0x119E2, 0x119E2, 0x11A3F, 0x11A46, 0x11A9A, 0x11A9C, 0x11A9E, 0x11AA2,
        0x11B00, 0x11B09, 0x11BE1, 0x11BE1, 0x11C41, 0x11C45, 0x11C70, 0x11C71, 0x11EF7, 0x11EF8, 0x11F43, 0x11F4F, 0x11FFF, 0x11FFF, 0x12FF1, 0x12FF2,
        0x16D6D, 0x16D6F, 0x16E97, 0x16E9A, 0x16FE2, 0x16FE2, 0x1E5FF, 0x1E5FF, 0x1E95E, 0x1E95F,
    ];

    /// <summary>Whether cleaning removes it: control, format and private-use characters, NUL and the replacement character.</summary>
    public static bool IsDropped(Rune rune) => rune.Value is 0 or 0xFFFD
        || (rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.PrivateUse => true,
            UnicodeCategory.Format => !IsIn(YoungFormats, rune.Value),
            _ => false,
        });

    /// <summary>Whether it is a token of its own: ASCII other than letters and digits, and punctuation.</summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        : rune.Value is 0x166D or 0x111C9 || (Rune.IsPunctuation(rune) && !IsIn(YoungPunctuation, rune.Value)); // these two were punctuation in Unicode 8

    private static bool IsIn(int[] pairs, int value)
    {
        int at = Array.BinarySearch(pairs, value);
        return at >= 0 || (~at & 1) == 1;
    }
}
