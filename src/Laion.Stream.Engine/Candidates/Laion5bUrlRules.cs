using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using LaionStream.Dataset.Rows;
using LaionStream.Text.Unicode;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Candidates;

/// <summary>LAION-5B's own rules for a link's URL, in their order and with their quirks (rvencu/crawlingathome-gpu-hcloud ccpp.py, parse_wat).</summary>
internal static class Laion5bUrlRules
{
    private const int MaxCodePoints = 2000, MaxHost = 60;

    private static readonly SearchValues<string> Blocked = SearchValues.Create([".svg", ".gif", "data:image", "javascript:"], StringComparison.Ordinal);

    /// <summary>Judges a link.</summary>
    /// <param name="link">The link's <c>url</c> in the WAT; only absolute ones pass, because the original validates before it joins.</param>
    /// <param name="page">The page's address (<c>WARC-Target-URI</c>): it matters only for a scheme in capitals, which the original's late join
    /// lower-cases.</param>
    /// <param name="url">The string that the original stores, with its backslashes doubled for SQL; null when the link is dropped.</param>
    [SkipLocalsInit]
    public static DropReason Resolve(ReadOnlySpan<char> link, ReadOnlySpan<char> page, out string? url)
    {
        url = null;
        if (!DjangoUrlValidator.HasScheme(link) && !link.Contains('\n'))
        {
            return DropReason.BadUrl; // most links are relative: they need no copy; a line feed may hide a scheme until it is removed
        }

        var buffer = new UrlBuffer(stackalloc char[512]);
        try
        {
            Escape(Cut(link), ref buffer);
            ReadOnlySpan<char> text = buffer.Written;
            if (!DjangoUrlValidator.IsValid(text))
            {
                return DropReason.BadUrl;
            }

            if (text.ContainsAny(Blocked))
            {
                return DropReason.UrlBlocked;
            }

            int host = CountCodePoints(PythonUrl.HostOf(text));
            if (host is 0 or > MaxHost)
            {
                return DropReason.BadUrl;
            }

            url = text.StartsWith("http", StringComparison.Ordinal) ? text.ToString() : PythonUrl.JoinAbsolute(page, text);
            return DropReason.None;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>Python's <c>url[0:2000]</c>, which counts code points.</summary>
    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> link)
    {
        if (link.Length <= MaxCodePoints)
        {
            return link;
        }

        int length = 0;
        for (int n = 0; n < MaxCodePoints && length < link.Length; n++)
        {
            length += char.IsHighSurrogate(link[length]) && length + 1 < link.Length && char.IsLowSurrogate(link[length + 1]) ? 2 : 1;
        }

        return link[..length];
    }

    private static void Escape(scoped ReadOnlySpan<char> link, ref UrlBuffer buffer)
    {
        foreach (char c in link)
        {
            if (c == '\n')
            {
                continue;
            }

            buffer.Append(c);
            if (c == '\\')
            {
                buffer.Append(c);
            }
        }
    }

    private static int CountCodePoints(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
