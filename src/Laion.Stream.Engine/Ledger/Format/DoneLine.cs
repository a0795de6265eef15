using System.Text.Json.Serialization;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// One line of <c>state/done.jsonl</c>: an input file of which every row has a durable outcome, or one that <c>retry</c> opened again. The last line of each
/// file is the valid one.
/// </summary>
/// <param name="FileNumber">The input file's number; <c>shard</c> in JSON, as outputs of earlier versions have it.</param>
/// <param name="Done">False when the file was opened again.</param>
/// <param name="Links">Rows of the file.</param>
/// <param name="Candidates">Rows of it that entered the graph.</param>
/// <param name="Dropped">Rows dropped, by reason.</param>
/// <param name="Kept">Rows kept, by set.</param>
/// <param name="OptOuts">Rows that an opt-out excluded, by its signal; null when none did, and in lines of earlier versions.</param>
internal sealed record DoneLine(
    [property: JsonPropertyName("shard")] int FileNumber,
    bool Done,
    long Links,
    long Candidates,
    SortedDictionary<string, long> Dropped,
    SortedDictionary<string, long> Kept,
    SortedDictionary<string, long>? OptOuts = null);
