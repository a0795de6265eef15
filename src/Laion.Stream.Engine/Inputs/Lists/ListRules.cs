using System.Diagnostics.CodeAnalysis;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>The rules for links, as a list needs them.</summary>
/// <param name="Resolve">Judges an absolute URL.</param>
/// <param name="TryClean">Judges a caption.</param>
/// <param name="Hash">The <c>hash</c> column of a URL and a TEXT.</param>
internal sealed record ListRules(ListRules.ResolveUrl Resolve, ListRules.CleanCaption TryClean, Func<string, string?, long> Hash)
{
    /// <summary>The rules that apply to links of pages; a list's URLs are absolute.</summary>
    public static ListRules Of(CaptionRules captions, UrlRules urls) =>
        new((href, out url) => urls.Resolve(href, null, out url), captions.TryClean, CandidateHash.Of);

    /// <summary>Gives the URL column, or the reason for none.</summary>
    public delegate DropReason ResolveUrl(ReadOnlySpan<char> href, out string? url);

    /// <summary>Gives the TEXT column, or the reason for none.</summary>
    public delegate bool CleanCaption(ReadOnlySpan<char> raw, [NotNullWhen(true)] out string? caption, out DropReason reason);
}
