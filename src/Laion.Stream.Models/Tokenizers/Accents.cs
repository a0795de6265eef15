using System.Globalization;
using System.Text;
using LaionStream.Text.Captions;

namespace LaionStream.Models.Tokenizers;

/// <summary>
/// Removes accents as BERT does: canonical decomposition, then removal of the non-spacing marks
/// (google-research/bert tokenization.py, <c>_run_strip_accents</c>).
/// </summary>
internal static class Accents
{
    /// <summary>The text in form D without its marks; the same string when it is ASCII only.</summary>
    public static string Strip(string text)
    {
        if (Ascii.IsValid(text)) { return text; }

        var plain = new StringBuilder(text.Length);
        foreach (Rune rune in Nfc.Decompose(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) { plain.Append(rune); }
        }

        return plain.ToString();
    }
}
