namespace LaionStream.Dataset.Rows;

/// <summary>A row's identity: which input file it came from and its place among the rows of that file. The same on every run.</summary>
/// <param name="Shard">Place of the input file in the full input list, before any share is taken.</param>
/// <param name="Ordinal">Place among the links that the active rules look at, from 0.</param>
public readonly record struct RowKey(int Shard, int Ordinal)
{
    /// <summary>The sample id as written to the dataset: <c>Shard &lt;&lt; 32 | Ordinal</c>.</summary>
    public long SampleId => ((long)Shard << 32) | (uint)Ordinal;

    /// <inheritdoc/>
    public override string ToString() => $"{Shard}:{Ordinal}";
}
