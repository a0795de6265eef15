namespace LaionStream.Demo;

/// <summary>One link of the demo's web and its expected outcome.</summary>
/// <param name="Page">Path of the page that contains it.</param>
/// <param name="Url">As written in the page.</param>
/// <param name="Alt">Its alt text; null for none.</param>
/// <param name="Expected"><c>kept</c>, or the drop reason's name.</param>
internal sealed record DemoLink(string Page, string Url, string? Alt, string Expected);
