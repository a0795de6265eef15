using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Ledger.State;

internal sealed partial class RunState
{
    private const string SlotsEnding = ".slots";

    private static readonly IOException ClosedByForce = new("The run was ended by force.");

    private readonly Lock _notes = new();
    private readonly List<RowSlots> _slots = [];

    /// <summary>Rows that were in a stage when earlier runs were ended by force or died, oldest first; some may have an outcome by now.</summary>
    public IReadOnlyList<SuspectNote> Suspects { get; }

    /// <summary>Pictures that ended a decoder's process in earlier runs.</summary>
    public IReadOnlyList<PoisonNote> Poison { get; }

    /// <summary>Notes rows for the next start. Touches no file of the ledger, so that it may be called whatever a commit is doing.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public void NoteSuspects(IEnumerable<SuspectNote> notes)
    {
        lock (_notes) { SuspectFile.Append(_disk, _state, notes); }
    }

    /// <summary>Records a picture that ended its decoder's process, before its row is dropped.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public void NotePoison(PoisonNote note)
    {
        lock (_notes) { PoisonFile.Append(_disk, _state, note); }
    }

    /// <summary>Opens the file in which a stage records the rows inside it. It is closed with this state.</summary>
    /// <returns>Null when it cannot be created: the stage then works without.</returns>
    public RowSlots? OpenSlots(string stage)
    {
        try
        {
            var slots = new RowSlots(Path.Combine(_state, stage + SlotsEnding));
            lock (_notes) { _slots.Add(slots); }
            return slots;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NoSlots(_log, stage, e.Message);
            return null;
        }
    }

    /// <summary>
    /// Makes every outcome so far durable and lets nothing be written afterwards: what a stage that returns after all may still commit would be cut short by
    /// the process's end. For the calling thread, which waits; does nothing when a commit or a flush is under way for longer than <paramref name="patience"/>.
    /// </summary>
    /// <returns>Whether the ledger is closed. Else the process's end is to this output what a kill -9 is.</returns>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public bool TryClose(TimeSpan patience)
    {
        if (!_gate.Wait(patience)) { return false; }

        // The gate is never given back.
        Guarded(() => Flush());
        _fault = ClosedByForce;
        return true;
    }

    /// <summary>
    /// The records of earlier runs, and of the rows that were inside a stage when the last process died; those are recorded before their slots are cleared.
    /// </summary>
    private IReadOnlyList<SuspectNote> ReadSuspects()
    {
        IReadOnlyList<SuspectNote> noted = SuspectFile.Read(_disk, _state);
        HashSet<(RowKey, string)> known = [.. noted.Select(note => (note.Key, note.Stage))];
        List<SuspectNote> died = [];
        string[] files = Directory.GetFiles(_state, "*" + SlotsEnding);
        foreach (string file in files)
        {
            string stage = Path.GetFileNameWithoutExtension(file);
            foreach (RowKey row in RowSlots.Read(file).Where(row => row.FileNumber < KnownInputs.Count))
            {
                // Whether it has an outcome does not matter: a retry may have reopened it.
                if (known.Add((row, stage)))
                {
                    string input = PublicLocation.Of(KnownInputs[row.FileNumber]);
                    died.Add(new SuspectNote(row.FileNumber, row.Ordinal, stage, "died", _clock.GetUtcNow(), 0, 0, false, input));
                }
            }
        }

        if (died.Count > 0) { SuspectFile.Append(_disk, _state, died); }
        foreach (string file in files) { RowSlots.Clear(file); }
        return [.. noted, .. died];
    }

    private void LogSuspects()
    {
        foreach (IGrouping<RowKey, SuspectNote> row in Suspects.GroupBy(note => note.Key).Where(row => !Ledger.HasOutcome(row.Key)))
        {
            SuspectNote last = row.Last();
            if (last.Why == "died") { Log.AtWork(_log, row.Key, last.Input, last.Stage); }
            else { Log.Suspect(_log, row.Key, last.Input, last.Stage, last.Worked, last.At, last.Why, row.Count()); }
        }
    }
}
