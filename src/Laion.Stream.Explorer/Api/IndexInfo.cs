namespace LaionStream.Explorer.Api;

/// <summary>Vectors that can be searched.</summary>
/// <param name="Name"><c>image</c> or <c>text</c>.</param>
/// <param name="Vectors">How many.</param>
/// <param name="Dimensions">Numbers of one.</param>
internal sealed record IndexInfo(string Name, long Vectors, int Dimensions);
