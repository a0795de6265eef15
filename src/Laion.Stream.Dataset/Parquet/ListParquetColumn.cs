namespace LaionStream.Dataset.Parquet;

/// <summary>A column of a url list in Parquet.</summary>
/// <param name="Name">As the file has it.</param>
/// <param name="Kind">What its values become, or null for nested and repeated columns, which no row can carry.</param>
public sealed record ListParquetColumn(string Name, ExtraColumnKind? Kind);
