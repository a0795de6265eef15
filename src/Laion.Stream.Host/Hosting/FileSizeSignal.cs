using System.Runtime.InteropServices;

namespace LaionStream.Host.Hosting;

/// <summary>Takes SIGXFSZ, which would end the process without a word: the write beyond the limit then fails like one on a full disk, and the run ends as such.</summary>
internal static class FileSizeSignal
{
    private const PosixSignal Linux = (PosixSignal)25; // on x64 and arm64; the runtime takes numbers of the system as they are

    /// <summary>Takes the signal until the result is disposed.</summary>
    public static IDisposable? Take() => OperatingSystem.IsLinux() ? PosixSignalRegistration.Create(Linux, static context => context.Cancel = true) : null;
}
