using System.Diagnostics.Metrics;
using LaionStream.Engine.Flow;
using LaionStream.Models.Onnx;

namespace LaionStream.Engine.Scoring;

/// <summary>
/// The module's instruments on the meter <c>Laion.Stream</c>, one series per session and part: CLIP, and the score models with towers of their own.
/// </summary>
internal static class InferenceMetrics
{
    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Owns the meter.</param>
    /// <param name="sessions">The meters they read.</param>
    public static void Observe(IMeterFactory meters, IReadOnlyList<SessionMeter> sessions)
    {
        Meter meter = meters.Create("Laion.Stream");
        Counter("laion.gpu.busy", "s", "Time a session's part had a batch in progress; both parts run concurrently.", session => session.Busy.TotalSeconds);
        Counter("laion.gpu.run", "s", "Time a session spent inside its models.", session => session.Inside.TotalSeconds);
        Counter("laion.gpu.rows", "{row}", "Rows scored, without padding.", session => session.Rows);
        ObserveBatches(meter, sessions);
        Counter("laion.gpu.batches", "{batch}", "Batches scored.", session => session.Batches);
        if (sessions.All(session => session.KnowsProcessor))
        {
            Counter("laion.gpu.cpu", "s", "Processor time of the calling thread inside the models; reported when the session has no other thread.",
                session => session.Processor.TotalSeconds);
        }

        void Counter(string name, string unit, string description, Func<SessionMeter, double> read) => meter.CreateObservableCounter(
            name,
            () => sessions.Select(session => new Measurement<double>(
                read(session), KeyValuePair.Create<string, object?>("device", session.Device), KeyValuePair.Create<string, object?>("part", session.Part))),
            unit,
            description);
    }

    /// <summary>Sizes and times of batches: a mean would hide that half of them are almost empty.</summary>
    private static void ObserveBatches(Meter meter, IReadOnlyList<SessionMeter> sessions)
    {
        Histogram<int> rows = meter.CreateHistogram("laion.gpu.batch.rows", "{row}", "Rows of a batch, without padding.",
            tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = MetricBuckets.Rows });
        Histogram<double> duration = meter.CreateHistogram("laion.gpu.batch.duration", "s", "Time from the start of a batch to its end.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricBuckets.Seconds });
        foreach (SessionMeter session in sessions)
        {
            var device = KeyValuePair.Create<string, object?>("device", session.Device);
            var part = KeyValuePair.Create<string, object?>("part", session.Part);
            session.BatchEnded = (count, time) =>
            {
                if (rows.Enabled) { rows.Record(count, device, part); }
                if (duration.Enabled) { duration.Record(time.TotalSeconds, device, part); }
            };
        }
    }
}
