namespace LaionStream.Explorer.Maps;

/// <summary>A map that can be asked for.</summary>
/// <param name="Folder">Name of its folder.</param>
/// <param name="Kind">Its vectors: <c>image</c> or <c>text</c>.</param>
internal sealed record MapInfo(string Folder, string Kind);
