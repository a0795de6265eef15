namespace LaionStream.Demo;

/// <summary>One link of the demo's web and where it has to end.</summary>
/// <param name="Page">Path of the page it stands on.</param>
/// <param name="Url">As written in the page.</param>
/// <param name="Alt">Its alt text; null for none.</param>
/// <param name="Expected"><c>kept</c>, or the drop reason's name.</param>
internal sealed record DemoLink(string Page, string Url, string? Alt, string Expected);
