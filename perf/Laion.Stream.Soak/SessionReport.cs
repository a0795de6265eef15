using System.Globalization;
using LaionStream.Models.Onnx;

namespace LaionStream.Soak;

/// <summary>Reports on the sessions of a run: how idle they were, and the cost of the same calls in a bare loop.</summary>
internal static class SessionReport
{
    /// <summary>One line for each session, and one for the bare loop when there are models for it.</summary>
    /// <param name="meters">The run's meters.</param>
    /// <param name="models">The models' folder; null when there are none.</param>
    public static string Of(IReadOnlyList<SessionMeter> meters, string? models)
    {
        IEnumerable<string> lines = meters.Where(meter => meter.Batches > 0).Select(meter => string.Create(CultureInfo.InvariantCulture, $"""
            {meter.Device} {meter.Part}: {meter.Rows} rows in {meter.Batches} batches over {meter.Span.TotalSeconds:F2} s, idle {1 - (meter.Busy / meter.Span):P2}
            """) + (meter.Runs.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $", busy outside its models {(meter.Busy - meter.Inside) / meter.Span:P2}") : ""));
        return string.Join(Environment.NewLine, models is null
            || !meters.All(meter => meter.KnowsProcessor) ? lines : lines.Append(Efficiency(meters, models)));
    }

    private static string Efficiency(IReadOnlyList<SessionMeter> meters, string models)
    {
        ModelCallStats[] runs = [.. meters.SelectMany(meter => meter.Runs)];
        // every scored row; the other parts see only some of them
        double rows = meters.Where(meter => meter.Part == SessionMeter.ClipPart).Sum(meter => meter.Rows);
        TimeSpan processor = new(runs.Sum(run => run.Processor.Ticks));
        TimeSpan wall = new(runs.Sum(run => run.Time.Ticks));
        (TimeSpan bareProcessor, TimeSpan bareWall) = BareLoop.Run(models, runs);
        return string.Create(CultureInfo.InvariantCulture, $"""
            inside the models, a row: {processor.TotalMilliseconds / rows:F2} ms CPU ({wall.TotalMilliseconds / rows:F2} wall); bare loop over the same {runs.Sum(run => run.Count)} calls of {runs.Length} shapes: {bareProcessor.TotalMilliseconds / rows:F2} ms CPU ({bareWall.TotalMilliseconds / rows:F2} wall)
            efficiency {bareProcessor / processor:F3} (wall {bareWall / wall:F3})
            """);
    }
}
