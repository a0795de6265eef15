namespace LaionStream.Demo;

/// <summary>One <c>meta</c> element of a page.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Content">Its content.</param>
public sealed record WatMeta(string Name, string Content);
