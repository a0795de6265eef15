using System.Diagnostics.Metrics;
using LaionStream.Dataset.Rows;

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
        _duration = meter.CreateHistogram("laion.stage.duration", "s", "Time of one call of a stage for a row or a batch, its waits included.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricBuckets.Seconds });
        meter.CreateObservableCounter("laion.stage.rows", Rows, "{row}", "Rows that a stage passed on (kept) or ended (dropped).");
        meter.CreateObservableGauge("laion.stage.queued", () => Each(stage => stage.Waiting + stage.Unread), "{message}",
            "Rows or batches that wait before a stage, or for the next one to take them.");
        meter.CreateObservableGauge("laion.stage.active", () => Each(stage => stage.Active), "{message}", "Rows or batches that a stage works on.");
        meter.CreateObservableGauge("laion.stage.capacity", () => Each(stage => stage.Capacity), "{message}", "Rows or batches that a stage may hold.");
        meter.CreateObservableGauge("laion.stage.overdue", () => Each(stage => stage.Overdue), "{message}",
            "Calls of a stage that exceed their time limit now.");
        meter.CreateObservableCounter("laion.stage.drops", Drops, "{row}", "Rows that a stage ended, by reason.");
        meter.CreateObservableGauge("laion.stage.bottleneck", Bottleneck, "{stage}",
            "1 for what limits the run: the last full stage before one that is not, a slice of the memory budget, or the input.");
        meter.CreateObservableGauge("laion.memory.held", () => Slices(slice => slice.Held), "By", "Bytes of the memory budget that rows in flight hold.");
        meter.CreateObservableGauge("laion.memory.peak", () => Slices(slice => slice.Peak), "By", "Most bytes of the memory budget held at once so far.");
        meter.CreateObservableGauge("laion.memory.capacity", () => Slices(slice => slice.Capacity), "By", "Bytes of the memory budget.");
        meter.CreateObservableGauge("laion.memory.waiting", () => Slices(slice => slice.Waiting), "{row}", "Rows that wait for bytes of the memory budget.");
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

    private IEnumerable<Measurement<long>> Drops() =>
        from stage in _gauges?.Stages ?? []
        from reason in DropReasonNames.All
        where stage.DroppedFor(reason) > 0
        select new Measurement<long>(stage.DroppedFor(reason), stage.Tag, KeyValuePair.Create<string, object?>("reason", reason.Name()));

    private IEnumerable<Measurement<int>> Bottleneck() =>
        _gauges is { } gauges ? [new Measurement<int>(1, KeyValuePair.Create<string, object?>("stage", gauges.Bottleneck))] : [];

    private IEnumerable<Measurement<long>> Slices(Func<ByteBudget, long> read) => (_gauges?.Budgets ?? []).Select(slice =>
        new Measurement<long>(read(slice), KeyValuePair.Create<string, object?>("slice", slice.Name)));

    private IEnumerable<Measurement<int>> Each(Func<StageGauge, int> read) =>
        (_gauges?.Stages ?? []).Select(stage => new Measurement<int>(read(stage), stage.Tag));
}
