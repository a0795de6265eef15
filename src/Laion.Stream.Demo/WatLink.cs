namespace LaionStream.Demo;

/// <summary>One link of a page as Common Crawl's extractor writes it.</summary>
/// <param name="Path">Element and attribute it came from: <c>IMG@/src</c>, <c>A@/href</c> and so on.</param>
/// <param name="Url">The attribute's value, not resolved; null omits the member.</param>
/// <param name="Alt">The alt text; null omits the member.</param>
/// <param name="Text">Anchor text; null omits the member.</param>
public sealed record WatLink(string Path, string? Url, string? Alt = null, string? Text = null);
