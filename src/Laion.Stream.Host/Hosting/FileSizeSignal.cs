using System.Runtime.InteropServices;

namespace LaionStream.Host.Hosting;

/// <summary>
/// Handles SIGXFSZ, which would end the process without a message: the write beyond the limit then fails as on a full disk, and the run ends accordingly.
/// </summary>
internal static class FileSizeSignal
{
    private const PosixSignal Linux = (PosixSignal)25; // on x64 and arm64; the runtime passes the system's numbers through

    /// <summary>Handles the signal until the result is disposed.</summary>
    public static IDisposable? Take() => OperatingSystem.IsLinux() ? PosixSignalRegistration.Create(Linux, static context => context.Cancel = true) : null;
}
