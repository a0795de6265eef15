namespace LaionStream.Search.Rows;

/// <summary>A column of a part's Parquet file, as the row store hands it out.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its values: <c>string</c>, <c>long</c>, <c>int</c>, <c>double</c>, <c>float</c>, <c>bool</c> or <c>time</c>.</param>
public sealed record RowColumn(string Name, string Type);
