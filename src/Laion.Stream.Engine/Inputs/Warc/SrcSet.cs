using System.Globalization;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>Reads <c>srcset</c> (WHATWG HTML, 4.8.4.2.1).</summary>
internal static class SrcSet
{
    /// <summary>Whether an address contains the picture itself (a <c>data:</c> URL).</summary>
    public static bool IsInline(ReadOnlySpan<char> address) => address.TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The entry with the largest width or, if none has a width, the largest density; the first one of equals. Ignores inline pictures. Null when there is
    /// none.
    /// </summary>
    public static string? Best(string? srcset)
    {
        string? best = null;
        (double Width, double Density) bestSize = default;
        ReadOnlySpan<char> rest = srcset;
        while (TryReadEntry(ref rest, out ReadOnlySpan<char> url, out double width, out double density))
        {
            if (!IsInline(url) && (best is null || (width, density).CompareTo(bestSize) > 0))
            {
                best = url.ToString();
                bestSize = (width, density);
            }
        }

        return best;
    }

    private static bool TryReadEntry(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> url, out double width, out double density)
    {
        (width, density) = (0, 1);
        rest = rest.TrimStart(" \t\r\n\f,");
        int end = rest.IndexOfAny(" \t\r\n\f");
        url = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        if (url.EndsWith(','))
        {
            url = url.TrimEnd(','); // no descriptor: the comma ends the entry
            return !url.IsEmpty;
        }

        int comma = rest.IndexOf(',');
        ReadOnlySpan<char> descriptors = comma < 0 ? rest : rest[..comma];
        rest = comma < 0 ? default : rest[(comma + 1)..];
        foreach (Range range in descriptors.SplitAny(' ', '\t', '\r', '\n', '\f'))
        {
            ReadOnlySpan<char> descriptor = descriptors[range];
            if (descriptor.Length > 1 && double.TryParse(descriptor[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double size)
                && double.IsFinite(size))
            {
                if (descriptor[^1] == 'w')
                {
                    width = size;
                }
                else if (descriptor[^1] == 'x')
                {
                    density = size;
                }
            }
        }

        return !url.IsEmpty;
    }
}
