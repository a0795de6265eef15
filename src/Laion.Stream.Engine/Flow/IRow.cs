using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Flow;

/// <summary>Anything that flows through the graph on behalf of one row.</summary>
public interface IRow
{
    /// <summary>The row this message belongs to.</summary>
    RowKey Key { get; }
}
