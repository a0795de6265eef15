using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>What the notes of earlier forced ends mean for a stage's rows. Pure.</summary>
/// <remarks>
/// A note alone proves nothing: the row may have been about to return, or have waited in native code for a lock that another row held. So a suspect is first
/// given its stage alone, and only a row that outlives its time limit there, too, is at fault. It could not have been kept anyway: the limit is a drop.
/// </remarks>
internal static class SuspectRules
{
    /// <summary>The rows to give the stage alone.</summary>
    public static HashSet<RowKey> Suspects(IEnumerable<SuspectNote> notes, string stage) =>
        [.. notes.Where(note => note.Stage == stage).Select(note => note.Key)];

    /// <summary>The rows to drop instead of trying them for ever: held beyond their limit at a forced end while they had the stage alone.</summary>
    public static HashSet<RowKey> Poison(IEnumerable<SuspectNote> notes, string stage) =>
        [.. notes.Where(note => note.Stage == stage && note.Alone && note.Worked > note.Limit).Select(note => note.Key)];
}
