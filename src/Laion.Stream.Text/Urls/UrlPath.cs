using LaionStream.Text.Unicode;

namespace LaionStream.Text.Urls;

/// <summary>The path state of the WHATWG URL parser: segments, dot segments, percent-encoding.</summary>
internal static class UrlPath
{
    /// <summary>Appends segments, each after a slash, to the path written so far.</summary>
    /// <param name="path">Segments without their first slash, up to the query or fragment.</param>
    /// <param name="pathStart">Where the path starts in <paramref name="output"/>; dot segments never remove anything before it.</param>
    /// <param name="output">Ends with the base's folders, without a slash at the end.</param>
    public static void Append(scoped ReadOnlySpan<char> path, int pathStart, ref UrlBuffer output)
    {
        if (!path.ContainsAnyExcept(UrlCharacters.PlainInPath) && !MayHaveDotSegments(path))
        {
            output.Append('/');
            output.Append(path);
            return;
        }

        while (true)
        {
            int end = path.IndexOfAny('/', '\\');
            bool last = end < 0;
            AppendSegment(last ? path : path[..end], last, pathStart, ref output);
            if (last)
            {
                return;
            }

            path = path[(end + 1)..];
        }
    }

    private static bool MayHaveDotSegments(ReadOnlySpan<char> path) =>
        path.StartsWith(".", StringComparison.Ordinal) || path.StartsWith("%2", StringComparison.Ordinal)
        || path.Contains("/.", StringComparison.Ordinal) || path.Contains("/%2", StringComparison.Ordinal);

    private static void AppendSegment(scoped ReadOnlySpan<char> segment, bool last, int pathStart, ref UrlBuffer output)
    {
        switch (CountDots(segment))
        {
            case 2:
                int parent = output.Written[pathStart..].LastIndexOf('/');
                output.Length = pathStart + Math.Max(parent, 0);
                break;
            case 1:
                break;
            default:
                output.Append('/');
                PercentEncoding.Append(segment, UrlCharacters.PlainInPath, ref output);
                return;
        }

        if (last)
        {
            output.Append('/'); // a dot segment at the end means a folder
        }
    }

    /// <summary>1 for a single-dot segment, 2 for a double-dot segment, in any of their spellings; else 0.</summary>
    private static int CountDots(ReadOnlySpan<char> segment)
    {
        int dots = 0;
        while (!segment.IsEmpty && dots < 3)
        {
            int length = segment[0] == '.' ? 1 : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (length == 0)
            {
                return 0;
            }

            segment = segment[length..];
            dots++;
        }

        return dots < 3 ? dots : 0;
    }
}
