namespace LaionStream.Text.Idna;

/// <summary>Texts by code point, found by binary search.</summary>
/// <param name="codePoints">Sorted.</param>
/// <param name="ends">Where each one's text ends in <paramref name="texts"/>.</param>
/// <param name="texts">The texts, concatenated.</param>
internal sealed class TextTable(int[] codePoints, ushort[] ends, char[] texts)
{
    /// <summary>The text of a code point, empty when it has none.</summary>
    public ReadOnlySpan<char> this[int codePoint]
    {
        get
        {
            int at = codePoints.AsSpan().BinarySearch(codePoint);
            if (at < 0)
            {
                return default;
            }

            int start = at == 0 ? 0 : ends[at - 1];
            return texts.AsSpan(start, ends[at] - start);
        }
    }
}
