using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// Records what became of every row: each row of each input file gets exactly one outcome, and a file is finished when all its rows have one.
/// </summary>
/// <remarks>Thread-safe. Invariant per file: <c>dropped + committed ≤ admitted ≤ read</c>.</remarks>
public interface IRowLedger : IDropSink
{
    /// <summary>Whether a row already has a durable outcome from an earlier run, so that it must not enter the graph again.</summary>
    bool HasOutcome(RowKey key);

    /// <summary>Records that a row is about to enter the graph. Called by the pump before it sends the row.</summary>
    void Admit(RowKey key);

    /// <summary>Records the pump's outcome for a row that never enters the graph, such as <c>no_alt</c> or <c>duplicate</c>.</summary>
    void Reject(RowKey key, DropOutcome outcome);

    /// <summary>
    /// Records that the pump rejects a row in a run that writes dropped rows: it has no outcome until the part that contains it is committed.
    /// </summary>
    /// <param name="key">The row.</param>
    /// <param name="reason">What the pump rejects it for; counted only.</param>
    void Hold(RowKey key, DropReason reason);

    /// <summary>Records that the file has been read to its end: no further row will be admitted or rejected.</summary>
    /// <param name="fileNumber">The file's number.</param>
    /// <param name="read">Rows read: admitted, rejected, or with a durable outcome from before.</param>
    void Seal(int fileNumber, long read);
}
