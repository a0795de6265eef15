namespace LaionStream.Explorer.Maps;

/// <summary>A row on a map.</summary>
/// <param name="Id">The row's number among those of all folders.</param>
/// <param name="File">Place of its file in the snapshot.</param>
/// <param name="Row">Its position in the file.</param>
/// <param name="X">From 0 to 65535.</param>
/// <param name="Y">Likewise.</param>
internal readonly record struct MapPoint(long Id, int File, int Row, int X, int Y);
