using System.Diagnostics.Metrics;

namespace LaionStream.Engine.Flow;

/// <summary>
/// The graph's instruments on the meter <c>Laion.Stream</c>, one series per stage. In every stage, rows started = rows kept + rows dropped, once none is in
/// progress; a batch stage counts rows and measures, queues and works on batches.
/// </summary>
internal sealed class FlowMetrics : IDisposable
{
    private readonly Histogram<double> _duration;
    private FlowGauges? _gauges;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Owns the meter.</param>
    /// <param name="gauges">What they read, until this is disposed.</param>
    public FlowMetrics(IMeterFactory meters, FlowGauges gauges)
    {
        _gauges = gauges;
        Meter meter = meters.Create("Laion.Stream");
        _duration = meter.CreateHistogram<double>("laion.stage.duration", "s", "Time of one call of a stage for a row or a batch, its waits included.");
        meter.CreateObservableCounter("laion.stage.rows", Rows, "{row}", "Rows that a stage passed on (kept) or ended (dropped).");
        meter.CreateObservableGauge("laion.stage.queued", () => Each(stage => stage.Waiting + stage.Unread), "{message}",
            "Rows or batches that wait before a stage, or for the next one to take them.");
        meter.CreateObservableGauge("laion.stage.active", () => Each(stage => stage.Active), "{message}", "Rows or batches that a stage works on.");
        meter.CreateObservableGauge("laion.stage.capacity", () => Each(stage => stage.Capacity), "{message}", "Rows or batches that a stage may hold.");
    }

    /// <summary>A call of a stage ended.</summary>
    public void NoteCall(StageGauge stage, TimeSpan time)
    {
        if (_duration.Enabled) { _duration.Record(time.TotalSeconds, stage.Tag); }
    }

    /// <summary>Ends the series: the meter outlives the graph, and would otherwise keep a reference to it and continue to report it.</summary>
    public void Dispose() => _gauges = null;

    private IEnumerable<Measurement<long>> Rows()
    {
        foreach (StageGauge stage in (_gauges?.Stages ?? []).Where(stage => stage.Received > 0)) // the batch block takes rows without a call, and counts none
        {
            yield return new Measurement<long>(stage.Kept, stage.Tag, KeyValuePair.Create<string, object?>("outcome", "kept"));
            yield return new Measurement<long>(stage.Dropped, stage.Tag, KeyValuePair.Create<string, object?>("outcome", "dropped"));
        }
    }

    private IEnumerable<Measurement<int>> Each(Func<StageGauge, int> read) =>
        (_gauges?.Stages ?? []).Select(stage => new Measurement<int>(read(stage), stage.Tag));
}
