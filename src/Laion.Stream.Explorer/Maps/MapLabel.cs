namespace LaionStream.Explorer.Maps;

/// <summary>Words that captions of a dense region have more often than others.</summary>
/// <param name="X">The region's middle, as <see cref="MapAnswer.X"/>.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Text">The words: letters of captions only.</param>
/// <param name="Points">Points of the region.</param>
/// <param name="Id">A row of it.</param>
internal sealed record MapLabel(int X, int Y, string Text, int Points, long Id);
