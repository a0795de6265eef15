using System.Globalization;
using System.Runtime.InteropServices;

namespace LaionStream.Host.Hosting;

/// <summary>The first SIGINT, SIGTERM or SIGHUP stops, the second aborts, the third ends the process at once.</summary>
/// <remarks>
/// The runtime hands each of these signals to a thread made for it, so they are heard while every thread of the pool is in a call that never returns; and the
/// process's end after the second is timed by a thread, not by a timer of the pool.
/// </remarks>
internal sealed class Signals : IDisposable
{
    private static readonly TimeSpan RunsOwnEnd = TimeSpan.FromSeconds(10); // beyond the grace, for a run to note what was at work and to flush
    private static readonly TimeSpan UrgentEnd = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ProcessEnd? _end;
    private readonly TimeSpan _abortGrace;
    private readonly PosixSignalRegistration[] _registrations;
    private int _taken;

    /// <summary>Takes the process's signals.</summary>
    /// <param name="end">Ends the process when an abort does not; null inside another program.</param>
    /// <param name="abortGrace">Time that an abort has.</param>
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
    internal static PosixSignal[] Taken() => IsHangUpIgnored() ? [PosixSignal.SIGINT, PosixSignal.SIGTERM] : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private static bool IsHangUpIgnored()
    {
        const string Ignored = "SigIgn:";
        if (!OperatingSystem.IsLinux()) { return false; }

        string? mask = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal));
        return mask is not null && (ulong.Parse(mask.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1) != 0; // signal 1 is bit 0
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
                // Before the cancellation: what hears of it runs inside the call, and may not return.
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
        thread.IsBackground = true; // it must not keep alive what ends by itself
        thread.Start();
    }
}
