using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Who still owes what: every row of every input file ends in exactly one outcome, and a file is done when all have.</summary>
/// <remarks>Safe to call from many threads. Invariant per file: <c>dropped + committed ≤ admitted ≤ read</c>.</remarks>
public interface IRowLedger : IDropSink
{
    /// <summary>Whether a row already has a durable outcome from an earlier run, so that it must not enter the graph again.</summary>
    bool IsSettled(RowKey key);

    /// <summary>A row is about to enter the graph. Called by the pump before it sends.</summary>
    void Admit(RowKey key);

    /// <summary>The pump's own outcome on a row that never enters the graph, such as <c>no_alt</c> or <c>duplicate</c>.</summary>
    void Reject(RowKey key, DropReason reason);

    /// <summary>The file has been read to its end: no further row will be admitted or rejected.</summary>
    /// <param name="fileNumber">The file.</param>
    /// <param name="read">Rows read: admitted, rejected and already settled.</param>
    void Seal(int fileNumber, long read);
}
