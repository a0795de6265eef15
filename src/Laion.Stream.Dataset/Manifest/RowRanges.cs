using System.Globalization;
using System.Text;

namespace LaionStream.Dataset.Manifest;

/// <summary>
/// Ordinals as text: items <c>gap</c> or <c>gap+more</c>, comma-separated. Each item skips <c>gap</c> ordinals since the last one listed and
/// then lists <c>1 + more</c> consecutive ones: <c>5+2,1</c> is 5, 6, 7, 9.
/// </summary>
public static class RowRanges
{
    /// <summary>Writes ordinals.</summary>
    /// <param name="ordinals">Ascending, without repeats, from 0.</param>
    public static string Format(ReadOnlySpan<int> ordinals)
    {
        var text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < ordinals.Length;)
        {
            int end = i + 1;
            while (end < ordinals.Length && ordinals[end] == ordinals[end - 1] + 1) { end++; }

            if (i > 0) { text.Append(','); }
            text.Append(CultureInfo.InvariantCulture, $"{ordinals[i] - next}");
            if (end - i > 1) { text.Append(CultureInfo.InvariantCulture, $"+{end - i - 1}"); }
            next = ordinals[end - 1] + 1;
            i = end;
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="Format"/> wrote.</summary>
    /// <param name="text">The ranges.</param>
    /// <returns>First ordinal and length of each range, ascending.</returns>
    /// <exception cref="FormatException">The text is not a list of ranges.</exception>
    public static IEnumerable<(int First, int Count)> Parse(string text)
    {
        int next = 0;
        for (int at = 0; at < text.Length;)
        {
            int comma = text.IndexOf(',', at);
            int end = comma < 0 ? text.Length : comma;
            int plus = text.IndexOf('+', at, end - at);
            int gap = int.Parse(text.AsSpan(at, (plus < 0 ? end : plus) - at), NumberStyles.None, CultureInfo.InvariantCulture);
            int more = plus < 0 ? 0 : int.Parse(text.AsSpan(plus + 1, end - plus - 1), NumberStyles.None, CultureInfo.InvariantCulture);
            yield return (next + gap, more + 1);
            next += gap + more + 1;
            at = end + 1;
        }
    }
}
