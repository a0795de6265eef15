namespace LaionStream.Dataset.Rows;

/// <summary>A row's identity: its input file and its position among the rows of that file. The same on every run.</summary>
/// <param name="FileNumber">The input file's number: its position in the output's list of inputs.</param>
/// <param name="Ordinal">Position among the links that the active rules examine, from 0.</param>
public readonly record struct RowKey(int FileNumber, int Ordinal)
{
    /// <summary>The sample id as written to the dataset: <c>FileNumber &lt;&lt; 32 | Ordinal</c>.</summary>
    public long SampleId => ((long)FileNumber << 32) | (uint)Ordinal;

    /// <inheritdoc/>
    public override string ToString() => $"{FileNumber}:{Ordinal}";
}
