namespace LaionStream.Dataset.Parquet;

/// <summary>A column of a URL list that is copied to the output.</summary>
/// <param name="Name">Its name in the output: as in the list, or prefixed <c>input_</c> when a column of ours has that name.</param>
/// <param name="Kind">Its type.</param>
public sealed record ExtraColumn(string Name, ExtraColumnKind Kind);
