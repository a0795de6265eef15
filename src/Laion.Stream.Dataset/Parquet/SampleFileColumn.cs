namespace LaionStream.Dataset.Parquet;

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="IsNullable">Whether it may contain nulls.</param>
public sealed record SampleFileColumn(string Name, Type Type, bool IsNullable);
