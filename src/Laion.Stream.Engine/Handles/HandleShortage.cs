using System.Net.Sockets;

namespace LaionStream.Engine.Handles;

/// <summary>Detects that the process or the machine is out of handles, and retries until some are available.</summary>
internal static class HandleShortage
{
    private const int TooManyInSystem = 23; // ENFILE, the same on Linux and macOS
    private const int TooManyInProcess = 24; // EMFILE
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>How long opening a file is retried before the shortage counts as permanent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Raised when handles are scarce: holders of dispensable handles close some of them.</summary>
    public static event Action? Relieving;

    /// <summary>Whether an error, or its cause, means that no handle is available. Refused connections and missing files do not count.</summary>
    public static bool IsShortage(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case HandleShortageException:
                case SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable }:
                    return true;
                case SocketException: // its HResult uses other numbers
                    continue;
                case IOException when !OperatingSystem.IsWindows() && IsShortage(cause.HResult):
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether an <c>errno</c> means that no handle is available.</summary>
    public static bool IsShortage(int errno) => errno is TooManyInSystem or TooManyInProcess;

    /// <summary>Asks the holders of dispensable handles to close some.</summary>
    public static void Relieve() => Relieving?.Invoke();

    /// <summary>Delay before a further attempt: doubles each time, with jitter from half to one and a half of the value.</summary>
    /// <param name="attempt">Attempts that failed before this one, from 0.</param>
    /// <param name="jitter">0 up to 1.</param>
    public static TimeSpan Wait(int attempt, double jitter)
    {
        TimeSpan wait = FirstWait * Math.Pow(2, Math.Min(attempt, 10));
        return (wait < LongestWait ? wait : LongestWait) * (0.5 + jitter);
    }

    /// <summary>Opens something; when no handle is available, waits and retries.</summary>
    /// <param name="open">Opens the file or socket.</param>
    /// <param name="patience">How long to retry; <see cref="Patience"/> by default.</param>
    /// <exception cref="IOException">It cannot be opened, or the shortage is permanent.</exception>
    public static T Retry<T>(Func<T> open, TimeSpan? patience = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return open();
            }
            catch (IOException e) when (IsShortage(e) && TimeProvider.System.GetElapsedTime(start) < (patience ?? Patience))
            {
                Relieve();
                Thread.Sleep(Wait(attempt, Random.Shared.NextDouble()));
            }
        }
    }

    /// <summary>As <see cref="Retry"/>, without blocking a thread.</summary>
    /// <param name="open">Opens the file or socket.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async ValueTask<T> RetryAsync<T>(Func<T> open, CancellationToken stop)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return open();
            }
            catch (IOException e) when (IsShortage(e) && TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                Relieve();
                await Task.Delay(Wait(attempt, Random.Shared.NextDouble()), stop);
            }
        }
    }
}
