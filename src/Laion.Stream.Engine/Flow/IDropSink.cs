using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Flow;

/// <summary>Takes the outcomes on rows that end inside the graph. Only <c>FlowBuilder</c> calls it.</summary>
public interface IDropSink
{
    /// <summary>The row ended here, for this reason.</summary>
    void Drop(RowKey key, DropOutcome outcome);
}
