using System.Diagnostics;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.State;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Run;

/// <summary>Keeps a session's record from its start on.</summary>
internal sealed partial class RunRecorder
{
    private readonly RunOrigin _origin;
    private readonly TimeProvider _clock;
    private readonly Func<Accounting> _accounting;
    private readonly string _fingerprint;
    private readonly DateTimeOffset _startedAt;
    private readonly long _start;
    private readonly long _linksBefore;
    private readonly long _keptBefore;

    /// <summary>Starts the record, and logs it in one line.</summary>
    /// <param name="origin">What the program around the engine knows.</param>
    /// <param name="verb">The verb that runs.</param>
    /// <param name="fingerprint">The settings that shape the run's rows.</param>
    /// <param name="accounting">The outcomes so far.</param>
    /// <param name="clock">Measures the session.</param>
    /// <param name="log">Receives the line.</param>
    public RunRecorder(RunOrigin origin, string verb, RunFingerprint fingerprint, Func<Accounting> accounting, TimeProvider clock, ILogger log)
    {
        (_origin, _clock, _accounting, _fingerprint) = (origin, clock, accounting, fingerprint.Digest);
        (_startedAt, _start) = (clock.GetUtcNow(), clock.GetTimestamp());
        Accounting before = accounting();
        (_linksBefore, _keptBefore) = (before.Links, before.Kept.Values.Sum());
        Log.Begins(log, verb, BuildInfo.Version, BuildInfo.Commit, _fingerprint,
            string.Join(", ", origin.Settings.Select(setting => $"{setting.Key}={setting.Value}")));
    }

    /// <summary>The current record.</summary>
    /// <param name="state">One of <see cref="RunStates"/>.</param>
    public RunRecord Now(string state)
    {
        Accounting now = _accounting();
        double seconds = _clock.GetElapsedTime(_start).TotalSeconds;
        (long links, long kept) = (now.Links - _linksBefore, now.Kept.Values.Sum() - _keptBefore);
        using Process process = Process.GetCurrentProcess();
        return new RunRecord
        {
            State = state,
            StartedAt = _startedAt,
            EndedAt = state == RunStates.Running ? null : _clock.GetUtcNow(),
            Seconds = Math.Round(seconds, 3),
            Version = BuildInfo.Version,
            Commit = BuildInfo.Commit,
            Host = Environment.MachineName,
            Process = Environment.ProcessId,
            Command = _origin.Command,
            Fingerprint = _fingerprint,
            Settings = _origin.Settings,
            Links = links,
            Kept = kept,
            LinksPerSecond = PerSecond(links, seconds),
            KeptPerSecond = PerSecond(kept, seconds),
            CpuSeconds = Math.Round(process.TotalProcessorTime.TotalSeconds, 3),
            PeakMemoryBytes = process.PeakWorkingSet64,
        };
    }

    private static double PerSecond(long count, double seconds) => seconds > 0 ? Math.Round(count / seconds, 3) : 0;

    private static partial class Log
    {
        [LoggerMessage(923, LogLevel.Information, "{Verb} begins: version {Version} {Commit}, fingerprint {Fingerprint}, settings {Settings}")]
        public static partial void Begins(ILogger log, string verb, string version, string commit, string fingerprint, string settings);
    }
}
