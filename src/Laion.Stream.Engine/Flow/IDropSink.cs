using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Flow;

/// <summary>Receives the outcomes of rows that end inside the graph. Only <c>FlowBuilder</c> calls it.</summary>
public interface IDropSink
{
    /// <summary>Records that a row was dropped, and why.</summary>
    void Drop(RowKey key, DropOutcome outcome);
}
