using System.Text;

namespace LaionStream.Explorer.Maps;

/// <summary>
/// The words of a caption that may stand for a region: runs of letters but for <see cref="FunctionWords"/>, and of scripts without spaces two letters each.
/// </summary>
internal static class CaptionWords
{
    private const int Shortest = 3;
    private const int Longest = 24;
    private const int MostBytes = 600; // what comes later in a caption says less of the picture

    /// <summary>The distinct words of a caption.</summary>
    /// <param name="caption">UTF-8 in lower case.</param>
    /// <param name="words">Receives them.</param>
    public static void Add(ReadOnlySpan<byte> caption, HashSet<string> words)
    {
        string text = Encoding.UTF8.GetString(caption[..Math.Min(caption.Length, MostBytes)]);
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            bool isDense = IsDense(text[at]);
            while (end < text.Length && IsOfWord(text[end]) && IsDense(text[end]) == isDense) { end++; }
            if (end == at)
            {
                at++;
                continue;
            }

            if (isDense)
            {
                for (int pair = at; pair + 2 <= end; pair++) { words.Add(text.Substring(pair, 2)); }
            }
            else if (end - at is >= Shortest and <= Longest && !FunctionWords.Has(text.AsSpan(at..end))) { words.Add(text[at..end]); }
            at = end;
        }
    }

    // Letters, and the marks that some scripts write over them; never what turns the direction of text, and never markup.
    private static bool IsOfWord(char letter) => char.IsLetter(letter)
        || char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private static bool IsDense(char letter) => letter is >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF';
}
