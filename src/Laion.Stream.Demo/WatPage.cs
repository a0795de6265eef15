namespace LaionStream.Demo;

/// <summary>One page for a WAT.</summary>
/// <param name="Address">The page's own address.</param>
/// <param name="Links">Its links in document order.</param>
/// <param name="Metas">Its metas; null for none.</param>
/// <param name="Base">Its <c>base</c> element's <c>href</c>; null for none.</param>
/// <param name="Title">Its title; null for none.</param>
public sealed record WatPage(Uri Address, IReadOnlyList<WatLink> Links, IReadOnlyList<WatMeta>? Metas = null, string? Base = null, string? Title = null);
