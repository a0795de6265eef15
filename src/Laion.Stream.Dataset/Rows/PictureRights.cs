namespace LaionStream.Dataset.Rows;

/// <summary>What a picture file says about its rights. Drops no row: it is for those who need to honour the rights, or to ask.</summary>
/// <param name="Copyright">The copyright notice; null when there is none.</param>
/// <param name="Creator">The creators, separated by semicolons; null when there are none.</param>
/// <param name="WebStatement">Address of a page about the rights; null when there is none.</param>
public sealed record PictureRights(string? Copyright, string? Creator, string? WebStatement);
