using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>Records pictures that ended their decoder's process: durably, and for this run.</summary>
/// <param name="state">The output.</param>
/// <param name="known">The run's.</param>
/// <param name="clock">Gives their time.</param>
internal sealed class PoisonNotes(RunState state, KnownPoison known, TimeProvider clock)
{
    /// <summary>Records one.</summary>
    /// <exception cref="IOException">The disk operation failed.</exception>
    public void Take(FetchedImage image, ChildEnd end)
    {
        RowKey row = image.Key;
        ReadOnlySpan<byte> body = image.Body.Memory.Span;
        string? input = row.FileNumber < state.KnownInputs.Count ? PublicLocation.Of(state.KnownInputs[row.FileNumber]) : null;
        var note = new PoisonNote(row.FileNumber, row.Ordinal, end.Why, end.Signal, KnownPoison.Digest(body), body.Length, clock.GetUtcNow(), input);
        state.NotePoison(note);
        known.Add(note);
    }
}
