namespace LaionStream.Dataset.Parquet;

/// <summary>A column of a url list that travels through to the output.</summary>
/// <param name="Name">Its name in the output: as in the list, or prefixed <c>input_</c> where a column of ours has that name.</param>
/// <param name="Kind">Its type.</param>
public sealed record ExtraColumn(string Name, ExtraColumnKind Kind);
