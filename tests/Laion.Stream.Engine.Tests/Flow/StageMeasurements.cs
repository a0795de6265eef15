using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace LaionStream.Engine.Tests.Flow;

/// <summary>The measurements of the instruments <c>laion.stage.*</c> of one meter factory; each must have exactly the tags of its instrument.</summary>
internal sealed class StageMeasurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Instrument, string Stage, string? Outcome), double> _read = new();

    public StageMeasurements(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name.StartsWith("laion.stage.", StringComparison.Ordinal))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, 1, tags)); // the histogram: the number of values
        _listener.Start();
    }

    /// <summary>Stages that reported rows.</summary>
    public IEnumerable<string> Stages => _read.Keys.Where(key => key.Instrument == "laion.stage.rows").Select(key => key.Stage).Distinct();

    public void Read() => _listener.RecordObservableInstruments();

    // A counter without an increment has no series: of two equal sessions one may have had every batch.
    public double Kept(string stage) => _read.GetValueOrDefault(("laion.stage.rows", stage, "kept"));

    public double Dropped(string stage) => _read.GetValueOrDefault(("laion.stage.rows", stage, "dropped"));

    /// <summary>The drops of a stage by reason, added up.</summary>
    public double Reasons(string stage) => _read.Where(pair => pair.Key.Instrument == "laion.stage.drops" && pair.Key.Stage == stage).Sum(pair => pair.Value);

    public double RowsIn(string stage) => Kept(stage) + Dropped(stage);

    public double Calls(string stage) => Of("duration", stage);

    public int Queued(string stage) => (int)Of("queued", stage);

    public int Active(string stage) => (int)Of("active", stage);

    public int Capacity(string stage) => (int)Of("capacity", stage);

    public void Dispose() => _listener.Dispose();

    private double Of(string instrument, string stage) => _read[("laion.stage." + instrument, stage, null)];

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? second = instrument.Name switch { "laion.stage.rows" => "outcome", "laion.stage.drops" => "reason", _ => null };
        Assert.Equal(second is null ? ["stage"] : ["stage", second], tags.ToArray().Select(tag => tag.Key));
        string? outcome = second is null ? null : (string)tags[1].Value!;
        var key = (instrument.Name, (string)tags[0].Value!, outcome);
        if (instrument.IsObservable) { _read[key] = value; }
        else { _read.AddOrUpdate(key, value, (_, sum) => sum + value); }
    }
}
