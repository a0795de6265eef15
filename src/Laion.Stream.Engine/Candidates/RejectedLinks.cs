using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Candidates;

/// <summary>Makes the outcomes of links that the rules reject. What was found of them is copied only in runs that write dropped rows.</summary>
/// <param name="keeps">Whether it is.</param>
internal sealed class RejectedLinks(bool keeps)
{
    /// <summary>UTF-16 units of an address or a caption that are copied: a page may have megabytes in one attribute.</summary>
    public const int MaxLength = 4096;

    /// <summary>For runs that only count rejected links.</summary>
    public static RejectedLinks NotKept { get; } = new(false);

    /// <summary>Whether what was found is copied.</summary>
    public bool Keeps => keeps;

    /// <summary>The outcome of a rejected link.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="key">Input file and ordinal.</param>
    /// <param name="href">The address as found.</param>
    /// <param name="alt">The caption as found.</param>
    /// <param name="pageUrl">The page, if known.</param>
    /// <param name="source">Name of the input file.</param>
    public LinkOutcome Of(DropReason reason, RowKey key, ReadOnlySpan<char> href, ReadOnlySpan<char> alt, string? pageUrl, string source) =>
        new(reason, null, keeps ? new RejectedLink(key, Cut(href), Cut(alt), pageUrl, source) : null);

    private static string? Cut(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) { return null; }
        if (text.Length <= MaxLength) { return text.ToString(); }
        return text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)].ToString();
    }
}
