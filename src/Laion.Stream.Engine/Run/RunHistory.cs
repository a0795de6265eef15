using LaionStream.Dataset.History;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Appends a run's numbers to the output's history, for reports. A history that cannot be written is logged; the run continues.</summary>
/// <param name="output">The output folder.</param>
/// <param name="gauges">The graph's gauges.</param>
/// <param name="log">Receives the failure.</param>
internal sealed partial class RunHistory(string output, FlowGauges gauges, ILogger log)
{
    private readonly string _path = HistoryFile.PathIn(output);
    private int _written;

    /// <summary>Appends a point with a summary's numbers. One caller at a time.</summary>
    /// <param name="summary">A summary with its run's record.</param>
    public void Note(RunSummary summary)
    {
        if (summary.Run is not { } run) { return; }

        try
        {
            if (_written++ % HistoryFile.Recent == 0) { HistoryFile.Thin(_path); }
            HistoryFile.Append(_path, Point(summary, run));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRecorded(log, e.Message);
        }
    }

    private HistoryPoint Point(RunSummary summary, RunRecord run) => new()
    {
        At = summary.WrittenAt,
        Session = run.StartedAt,
        Links = summary.Links,
        Kept = summary.Kept,
        Dropped = summary.Dropped,
        Fetched = summary.Download?.Fetched ?? 0,
        Bytes = summary.Download?.Bytes ?? 0,
        LatencyP50 = summary.Download?.Latency.P50 ?? 0,
        LatencyP99 = summary.Download?.Latency.P99 ?? 0,
        CpuSeconds = run.CpuSeconds,
        MemoryBytes = Environment.WorkingSet,
        Bottleneck = gauges.Bottleneck,
    };

    private static partial class Log
    {
        [LoggerMessage(924, LogLevel.Warning, "state/history.jsonl could not be written; reports lack this minute: {Cause}")]
        public static partial void NotRecorded(ILogger log, string cause);
    }
}
