using System.Text.Json.Serialization;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// One line of <c>state/suspects.jsonl</c>: a row that was in a stage when a run was ended by force, because the stage did not return,
/// or when its process died. It is separate from the row's outcome: neither ledger nor manifest refers to it. Readers ignore unknown fields.
/// </summary>
/// <param name="FileNumber">The input file's number.</param>
/// <param name="Ordinal">The row's place in it.</param>
/// <param name="Stage">The stage that held it, as in the graph.</param>
/// <param name="Why">What ended the run: <c>drain_limit</c>, <c>signal</c>, <c>fault</c>, <c>suspect</c> (a suspect that again did not return), or <c>died</c>
/// (the process ended without recording a reason).</param>
/// <param name="At">When, UTC.</param>
/// <param name="Worked">Seconds that the stage had worked on it, waits not counted.</param>
/// <param name="Limit">Seconds that the stage gives a row.</param>
/// <param name="Alone">Whether no other row was in the stage meanwhile.</param>
/// <param name="Input">The input file.</param>
internal sealed record SuspectNote(
    [property: JsonPropertyName("shard")] int FileNumber,
    int Ordinal,
    string Stage,
    string Why,
    DateTimeOffset At,
    double Worked,
    double Limit,
    bool Alone,
    string? Input)
{
    /// <summary>The row.</summary>
    [JsonIgnore]
    public RowKey Key => new(FileNumber, Ordinal);
}
