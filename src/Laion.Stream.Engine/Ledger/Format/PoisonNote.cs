using System.Text.Json.Serialization;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// One line of <c>state/poison.jsonl</c>: a picture that ended its decoder's process. The row's outcome is in the ledger; this is the evidence, and lets later
/// starts drop the same bytes at once, whatever their address. Readers ignore unknown fields.
/// </summary>
/// <param name="FileNumber">The input file's number.</param>
/// <param name="Ordinal">The row's ordinal.</param>
/// <param name="Why">How the process ended: <c>signal</c>, <c>memory</c>, <c>time</c>, <c>exit</c>, or <c>protocol</c> (its answer was not valid).</param>
/// <param name="Signal">The signal's name, if one ended it.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of the fetched bytes.</param>
/// <param name="Bytes">Their number.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Input">The input file.</param>
internal sealed record PoisonNote(
    [property: JsonPropertyName("shard")] int FileNumber,
    int Ordinal,
    string Why,
    string? Signal,
    string Sha256,
    int Bytes,
    DateTimeOffset At,
    string? Input)
{
    /// <summary>The row.</summary>
    [JsonIgnore]
    public RowKey Key => new(FileNumber, Ordinal);
}
