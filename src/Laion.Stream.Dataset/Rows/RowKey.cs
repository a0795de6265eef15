namespace LaionStream.Dataset.Rows;

/// <summary>A row's identity: which input file it came from and its place among the rows of that file. The same on every run.</summary>
/// <param name="FileNumber">The input file's number: its place in the output's list of inputs.</param>
/// <param name="Ordinal">Place among the links that the active rules look at, from 0.</param>
public readonly record struct RowKey(int FileNumber, int Ordinal)
{
    /// <summary>The sample id as written to the dataset: <c>FileNumber &lt;&lt; 32 | Ordinal</c>.</summary>
    public long SampleId => ((long)FileNumber << 32) | (uint)Ordinal;

    /// <inheritdoc/>
    public override string ToString() => $"{FileNumber}:{Ordinal}";
}
