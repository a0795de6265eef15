using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Decides what the notes of earlier forced ends mean for a stage's rows. Pure.</summary>
/// <remarks>
/// A single note proves nothing: the row may have been about to return, or may have waited in native code for a lock that another row held. So a suspect is
/// first run alone in its stage. Only a row that exceeds its time limit there too is at fault; it would have been dropped for the limit anyway.
/// </remarks>
internal static class SuspectRules
{
    /// <summary>The rows to run alone in the stage.</summary>
    public static HashSet<RowKey> Suspects(IEnumerable<SuspectNote> notes, string stage) =>
        [.. notes.Where(note => note.Stage == stage).Select(note => note.Key)];

    /// <summary>
    /// The rows to drop instead of retrying them for ever: those that exceeded their time limit at a forced end while they ran alone in the stage.
    /// </summary>
    public static HashSet<RowKey> Poison(IEnumerable<SuspectNote> notes, string stage) =>
        [.. notes.Where(note => note.Stage == stage && note.Alone && note.Worked > note.Limit).Select(note => note.Key)];
}
