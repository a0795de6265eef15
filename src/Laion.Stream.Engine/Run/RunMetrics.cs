using System.Diagnostics.Metrics;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>
/// The run's instruments on the meter <c>Laion.Stream</c>: its inputs, its output and ledger, the disk and the process. Counters count this session, gauges
/// show the whole output.
/// </summary>
internal sealed class RunMetrics : IDisposable
{
    private readonly RunState _state;
    private readonly IOptions<InputOptions> _input;
    private readonly WritingOptions _writing;
    private readonly RunReadiness _readiness;
    private readonly InputProgress _progress;
    private readonly DriveInfo _disk;
    private volatile IReadOnlyList<IPartWriter>? _writers;

    /// <summary>Creates the instruments. They report once <see cref="Observe"/> was called.</summary>
    /// <param name="meters">Owns the meter.</param>
    /// <param name="state">The output.</param>
    /// <param name="output">Its settings.</param>
    /// <param name="input">The part of the inputs that is read.</param>
    /// <param name="writing">When a part is committed.</param>
    /// <param name="readiness">Told that the run is ready, and that it has ended.</param>
    /// <param name="progress">How far the inputs are read.</param>
    /// <param name="clock">For the start.</param>
    public RunMetrics(
        IMeterFactory meters, RunState state, OutputRequest output, IOptions<InputOptions> input, IOptions<WritingOptions> writing, RunReadiness readiness,
        InputProgress progress, TimeProvider clock)
    {
        (_state, _input, _writing, _readiness, _progress) = (state, input, writing.Value, readiness, progress);
        _disk = new DriveInfo(Path.GetFullPath(state.OutputFolder));
        Meter meter = meters.Create("Laion.Stream");
        ObserveRun(meter, output.Fingerprint.Digest, clock.GetUtcNow());
        ObserveInputs(meter);
        ObserveOutput(meter);
        ObserveMachine(meter);
    }

    /// <summary>The graph is assembled: the run is ready, and reports from now on.</summary>
    public void Observe(AssembledGraph graph)
    {
        _writers = graph.Writers;
        _readiness.Begin();
    }

    /// <summary>Ends the series: the meter outlives the run.</summary>
    public void Dispose()
    {
        _readiness.End();
        _writers = null;
    }

    private void ObserveRun(Meter meter, string fingerprint, DateTimeOffset start)
    {
        KeyValuePair<string, object?>[] build =
            [Tag("version", BuildInfo.Version), Tag("commit", BuildInfo.Commit), Tag("fingerprint", fingerprint)];
        Gauge(meter, "laion.run.info", "{run}", "1, with the version, the commit and the settings' fingerprint of the run.",
            () => [new Measurement<double>(1, build)]);
        Gauge(meter, "laion.run.start.time", "s", "When the run started, in seconds since 1970.", () => [new Measurement<double>(Seconds(start))]);
    }

    private void ObserveInputs(Meter meter)
    {
        Counter(meter, "laion.input.links", "{row}", "Links read in this session, by outcome: admitted to the graph, or the reason that kept them out.",
            () => Links());
        Gauge(meter, "laion.input.files", "{file}", "Input files of this machine's share: done, begun, or waiting.", Files);
        Counter(meter, "laion.input.read", "By", "Bytes of the input files, as they are stored, read in this session.",
            () => [new Measurement<double>(_progress.Read().Read)]);
        Gauge(meter, "laion.input.size", "By", "Bytes of this machine's share of the input files, as far as their sizes are known.",
            () => [new Measurement<double>(_progress.Read().Known)]);
        Gauge(meter, "laion.input.lag", "By", "Bytes of those files that are still to be read.", () => [new Measurement<double>(_progress.Read().Left)]);
        Gauge(meter, "laion.input.idle", "s", "Longest time for which no row of an input file with rows in flight has had an outcome.",
            () => [new Measurement<double>(_state.Ledger.Stalled(TimeSpan.Zero).Select(file => file.Idle.TotalSeconds).DefaultIfEmpty(0).Max())]);
        Gauge(meter, "laion.input.in_flight", "{row}", "Rows without an outcome, those of open parts included.",
            () => [new Measurement<double>(_state.Ledger.Open.Sum(file => file.InFlight))]);
    }

    private void ObserveOutput(Meter meter)
    {
        Gauge(meter, "laion.output.kept", "{row}", "Rows committed by all sessions.", () => _state.Snapshot()
            .Kept.Select(set => Of(set.Value, "set", set.Key)));
        Gauge(meter, "laion.output.dropped", "{row}", "Links dropped by all sessions, by reason.",
            () => _state.Snapshot().Dropped.Select(reason => Of(reason.Value, "reason", reason.Key.Name())));
        Counter(meter, "laion.output.rows", "{row}", "Rows committed in this session.", () => Sets(set => set.Rows));
        Counter(meter, "laion.output.parts", "{part}", "Parts committed in this session.", () => Sets(set => set.Parts));
        Counter(meter, "laion.output.written", "By", "Bytes of the files committed in this session.", () => _state.Committed.Bytes.Select(pair =>
            new Measurement<double>(pair.Value, Tag("set", pair.Key.Set), Tag("role", pair.Key.Role))));
        Gauge(meter, "laion.output.commit.timestamp", "s", "When the last part of this session was committed, in seconds since 1970.",
            () => Sets(set => Seconds(set.Last)));
        Gauge(meter, "laion.output.open.rows", "{row}", "Rows of the open part: written, not committed.", () => Parts(part => part.Open.Rows));
        Gauge(meter, "laion.output.open.age", "s", "Time since the open part was opened; 0 without one.", () => Parts(part => part.Open.Age.TotalSeconds));
        Gauge(meter, "laion.output.open.age.limit", "s", "Laion:Writing:MaxAge: the age at which an open part is committed.",
            () => [new Measurement<double>(_writing.MaxAge.TotalSeconds)]);
        Counter(meter, "laion.ledger.written", "By", "Bytes written to the ledger in this session.", () => [new Measurement<double>(_state.LedgerBytes)]);
        Gauge(meter, "laion.ledger.segment", "By", "Bytes of the ledger's current segment, which a start reads.",
            () => [new Measurement<double>(_state.SegmentBytes)]);
        Gauge(meter, "laion.ledger.hashes", "{hash}", "Hashes that have an owner.", () => [new Measurement<double>(_state.Claims.Count)]);
    }

    private void ObserveMachine(Meter meter)
    {
        Gauge(meter, "laion.disk.free", "By", "Bytes that the run may still write to the disk of its output.",
            () => [new Measurement<double>(_disk.AvailableFreeSpace)]);
        Gauge(meter, "laion.disk.size", "By", "Bytes of the disk of the output.", () => [new Measurement<double>(_disk.TotalSize)]);
        Gauge(meter, "laion.process.memory", "By", "Physical memory of the process.", () => [new Measurement<double>(Environment.WorkingSet)]);
        Counter(meter, "laion.process.cpu", "s", "Processor time of the process.",
            () => [new Measurement<double>(Environment.CpuUsage.TotalTime.TotalSeconds)]);
    }

    private void Gauge(Meter meter, string name, string unit, string description, Func<IEnumerable<Measurement<double>>> read) =>
        meter.CreateObservableGauge(name, () => _writers is null ? [] : read(), unit, description);

    private void Counter(Meter meter, string name, string unit, string description, Func<IEnumerable<Measurement<double>>> read) =>
        meter.CreateObservableCounter(name, () => _writers is null ? [] : read(), unit, description);

    private IEnumerable<Measurement<double>> Links() => DropReasonNames.All
        .Select(reason => (Name: reason.Name(), Links: _state.Ledger.Rejected(reason)))
        .Where(pair => pair.Links > 0)
        .Append((Name: "admitted", Links: _state.Ledger.Admitted))
        .Select(pair => Of(pair.Links, "outcome", pair.Name));

    private IEnumerable<Measurement<double>> Files()
    {
        FilesSummary files = RunFiles.Progress(_state, _input.Value.Share);
        int begun = _state.Ledger.Open.Count();
        return [Of(files.Done, "state", "done"), Of(begun, "state", "begun"), Of(Math.Max(0, files.Known - files.Done - begun), "state", "waiting")];
    }

    private IEnumerable<Measurement<double>> Sets(Func<SetCommits, double> read) => _state.Committed.Sets.Select(set => Of(read(set.Value), "set", set.Key));

    private IEnumerable<Measurement<double>> Parts(Func<IPartWriter, double> read) => (_writers ?? []).Select(part => Of(read(part), "set", part.Set));

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static Measurement<double> Of(double value, string tag, string name) => new(value, Tag(tag, name));

    private static KeyValuePair<string, object?> Tag(string name, string value) => KeyValuePair.Create<string, object?>(name, value);
}
