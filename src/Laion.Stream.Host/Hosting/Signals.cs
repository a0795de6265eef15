using System.Globalization;
using System.Runtime.InteropServices;

namespace LaionStream.Host.Hosting;

/// <summary>The first SIGINT, SIGTERM or SIGHUP stops, the second aborts, the third ends the process at once.</summary>
/// <remarks>
/// The runtime handles each of these signals on a new thread, so they are handled even when every thread of the pool is in a call that never returns; and
/// a thread, not a timer of the pool, measures the time until the process is ended after the second.
/// </remarks>
internal sealed class Signals : IDisposable
{
    private static readonly TimeSpan RunsOwnEnd = TimeSpan.FromSeconds(10); // beyond the grace period, for a run to record the rows inside stages and to flush
    private static readonly TimeSpan UrgentEnd = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ProcessEnd? _end;
    private readonly TimeSpan _abortGrace;
    private readonly PosixSignalRegistration[] _registrations;
    private int _taken;

    /// <summary>Handles the process's signals.</summary>
    /// <param name="end">Ends the process when an abort does not; null inside another program.</param>
    /// <param name="abortGrace">Grace period of an abort.</param>
    public Signals(ProcessEnd? end, TimeSpan abortGrace)
    {
        (_end, _abortGrace) = (end, abortGrace);
        _registrations = [.. Taken().Select(signal => PosixSignalRegistration.Create(signal, Take))];
    }

    /// <summary>Stop reading, drain, commit.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>End now.</summary>
    public CancellationToken Abort => _abort.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) { registration.Dispose(); }
        _stop.Dispose();
        _abort.Dispose();
    }

    /// <summary>The signals that this process takes. One that nohup started ignores SIGHUP, and is meant to outlive its terminal.</summary>
    internal static PosixSignal[] Taken() =>
        IsHangUpIgnored() ? [PosixSignal.SIGINT, PosixSignal.SIGTERM] : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private static bool IsHangUpIgnored()
    {
        const string Ignored = "SigIgn:";
        if (!OperatingSystem.IsLinux()) { return false; }

        string? mask = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal));
        // signal 1 is bit 0
        return mask is not null && (ulong.Parse(mask.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1) != 0;
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        switch (Interlocked.Increment(ref _taken))
        {
            case 1:
                _stop.Cancel();
                break;
            case 2:
                // Before the cancellation: its callbacks run inside the call, and may not return.
                EndWithin(_abortGrace + RunsOwnEnd);
                _abort.Cancel();
                break;
            default:
                if (_end is not null) { _end.IsUrgent = true; }
                EndWithin(UrgentEnd);
                break;
        }
    }

    private void EndWithin(TimeSpan time)
    {
        if (_end is not { } end) { return; }

        var thread = new Thread(() =>
        {
            Thread.Sleep(time);
            end.Now("Aborted: the process did not end by itself. Run again with the same output to go on.");
        });
        thread.IsBackground = true; // it must not keep alive a process that ends by itself
        thread.Start();
    }
}
