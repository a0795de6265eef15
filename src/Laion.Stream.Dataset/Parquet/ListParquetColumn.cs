namespace LaionStream.Dataset.Parquet;

/// <summary>A column of a URL list in Parquet.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Kind">The kind its values are converted to, or null for nested and repeated columns, which rows cannot have.</param>
public sealed record ListParquetColumn(string Name, ExtraColumnKind? Kind);
