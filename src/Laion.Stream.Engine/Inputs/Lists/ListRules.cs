using System.Diagnostics.CodeAnalysis;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>The rules for links of a list.</summary>
/// <param name="Resolve">Checks an absolute URL.</param>
/// <param name="TryClean">Checks and cleans a caption.</param>
/// <param name="Hash">The <c>hash</c> column of a URL and a TEXT.</param>
internal sealed record ListRules(ListRules.ResolveUrl Resolve, ListRules.CleanCaption TryClean, Func<string, string?, long> Hash)
{
    /// <summary>Finds the pictures of a list of files; null for a list of URLs.</summary>
    public FindPicture? Find { get; init; }

    /// <summary>The rules that apply to links of pages; a list's URLs are absolute.</summary>
    public static ListRules Of(CaptionRules captions, UrlRules urls) =>
        new((href, out url) => urls.Resolve(href, null, out url), captions.TryClean, CandidateHash.Of);

    /// <summary>Returns the URL column, or the drop reason.</summary>
    public delegate DropReason ResolveUrl(ReadOnlySpan<char> href, out string? url);

    /// <summary>Returns the picture that a value names, and the URL column; null when it names none.</summary>
    /// <param name="list">Location of the list.</param>
    /// <param name="named">The value in the column of addresses.</param>
    /// <param name="url">The URL column.</param>
    public delegate LocalPicture? FindPicture(string list, ReadOnlySpan<char> named, out string? url);

    /// <summary>Returns the TEXT column, or the drop reason.</summary>
    public delegate bool CleanCaption(ReadOnlySpan<char> raw, [NotNullWhen(true)] out string? caption, out DropReason reason);
}
