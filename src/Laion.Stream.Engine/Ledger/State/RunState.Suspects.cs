using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

internal sealed partial class RunState
{
    private static readonly IOException ClosedByForce = new("The run was ended by force.");

    /// <summary>Rows that were in a stage when earlier runs were ended by force, oldest note first; some may have an outcome by now.</summary>
    public IReadOnlyList<SuspectNote> Suspects { get; }

    /// <summary>Notes rows for the next start. Touches no file of the ledger, so that it may be called whatever a commit is doing.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void NoteSuspects(IEnumerable<SuspectNote> notes) => SuspectFile.Append(_disk, _state, notes);

    /// <summary>
    /// Makes every outcome so far durable and lets nothing be written afterwards: what a stage that returns after all may still commit would be cut short by
    /// the process's end. For the calling thread, which waits; does nothing when a commit or a flush is under way for longer than <paramref name="patience"/>.
    /// </summary>
    /// <returns>Whether the ledger is closed. Else the process's end is to this output what a kill -9 is.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool TryClose(TimeSpan patience)
    {
        if (!_gate.Wait(patience)) { return false; }

        // The gate is never given back.
        Guarded(() => Flush(commit: null));
        _fault = ClosedByForce;
        return true;
    }

    private void LogSuspects()
    {
        foreach (IGrouping<RowKey, SuspectNote> row in Suspects.GroupBy(note => note.Key).Where(row => !Ledger.IsSettled(row.Key)))
        {
            SuspectNote last = row.Last();
            Log.Suspect(_log, row.Key, last.Input, last.Stage, last.Worked, last.At, last.Why, row.Count());
        }
    }
}
