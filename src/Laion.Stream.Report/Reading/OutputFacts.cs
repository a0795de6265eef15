using LaionStream.Dataset.History;
using LaionStream.Dataset.Summary;

namespace LaionStream.Report.Reading;

/// <summary>What a report shows of one output folder.</summary>
/// <param name="Name">How the report names it: the folder's name.</param>
/// <param name="Summary">Its summary.</param>
/// <param name="History">Its numbers over time, in order; empty for outputs of versions without a history.</param>
/// <param name="Rows">Distributions of its rows.</param>
internal sealed record OutputFacts(string Name, RunSummary Summary, IReadOnlyList<HistoryPoint> History, RowFacts Rows);
