using System.Text;

namespace LaionStream.Text.Urls;

/// <summary>Removes from every address in a text what may be secret: its user info, query and fragment. Pure.</summary>
/// <remarks>For what is shown or logged whoever wrote it: messages of HTTP clients, proxies and file systems repeat addresses whole.</remarks>
internal static class PublicText
{
    private const string Separator = ":/"; // of an address that was taken for a path, one of both slashes is gone

    /// <summary>The text without secrets; the same instance if it has no address.</summary>
    public static string Of(string text)
    {
        int at = text.IndexOf(Separator, StringComparison.Ordinal);
        if (at < 0) { return text; }

        var kept = new StringBuilder(text.Length);
        int done = 0;
        for (; at >= 0; at = at < text.Length ? text.IndexOf(Separator, at, StringComparison.Ordinal) : -1)
        {
            int authority = at + Separator.Length;
            if (authority < text.Length && text[authority] == '/') { authority++; }
            else if (!FollowsScheme(text, at)) { at = authority; continue; }
            kept.Append(text, done, authority - done);
            int end = End(text, authority, "/?#");
            int host = text.AsSpan(authority, end - authority).LastIndexOf('@') is >= 0 and int sign ? authority + sign + 1 : authority;
            int query = end < text.Length && text[end] == '/' ? End(text, end, "?#") : end;
            kept.Append(text, host, query - host);
            at = done = query < text.Length && text[query] is '?' or '#' ? End(text, query, "") : query;
        }

        return kept.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>Whether a position follows two letters at least, unlike the colon of a drive.</summary>
    private static bool FollowsScheme(string text, int at) => at >= 2 && char.IsAsciiLetterOrDigit(text[at - 1]) && char.IsAsciiLetterOrDigit(text[at - 2]);

    /// <summary>Where a part of an address ends: before one of some signs, or where the address ends in a text, a quoted one and JSON.</summary>
    private static int End(string text, int start, string signs)
    {
        int end = start;
        while (end < text.Length && text[end] > ' ' && text[end] is not ('"' or '\'' or '`' or '<' or '>') && !IsEscape(text, end) && !signs.Contains(text[end]))
        {
            end++;
        }

        return end;
    }

    /// <summary>Whether JSON's escape of a quote or of a line's end is at a position.</summary>
    private static bool IsEscape(string text, int at) => text[at] == '\\' && at + 1 < text.Length && text[at + 1] is ('"' or 'n' or 'r' or 't');
}
