using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Output;

namespace LaionStream.Engine.Run;

/// <summary>The writer of dropped rows as the graph sees it.</summary>
/// <param name="Of">Takes from a message what is recorded of its row.</param>
/// <param name="Set">Writes it.</param>
internal sealed record DropRecorder(Func<IRow, DropOutcome, EndedRow> Of, SetWriter<EndedRow> Set)
{
    /// <summary>Passes a writer to the graph; null for a run that writes no dropped rows.</summary>
    public static DropRecorder? For(DropWriter? writer) =>
        writer is null ? null : new DropRecorder(writer.Of, new SetWriter<EndedRow>(writer.Set, writer.WriteAsync, writer.TickAsync));
}
