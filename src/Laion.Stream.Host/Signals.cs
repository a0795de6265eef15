using System.Runtime.InteropServices;

namespace LaionStream.Host;

/// <summary>The first SIGINT or SIGTERM stops, the second aborts.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Signals()
    {
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Take), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take)];
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

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stop.IsCancellationRequested) { _abort.Cancel(); }
        else { _stop.Cancel(); }
    }
}
