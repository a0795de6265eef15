using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LaionStream.Host.Hosting;

/// <summary>
/// <c>--supervise</c>: runs this program's verb in a worker process and restarts it when it crashes or fails. Durable outcomes stay, and each start resumes.
/// </summary>
/// <param name="restarts">Maximum number of consecutive restarts; a worker that has run for <see cref="Healthy"/> resets the count.</param>
/// <param name="firstPause">Delay before the first restart; each further consecutive one waits twice as long.</param>
internal sealed partial class Supervisor(int restarts, TimeSpan? firstPause = null) : IDisposable
{
    private const int SignalBase = 128; // how the platform reports a death by signal

    /// <summary>A worker that has run this long has made progress.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private Process? _worker;

    /// <summary>Runs until the worker is done, is stopped, is refused, or has crashed too often.</summary>
    /// <param name="arguments">The worker's arguments.</param>
    /// <returns>The worker's last exit code; <see cref="ExitCode.Failed"/> when a signal ended it.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        PosixSignalRegistration[] signals = [.. Signals.Taken().Select(signal => PosixSignalRegistration.Create(signal, PassOn))];
        try
        {
            TimeSpan pause = firstPause ?? TimeSpan.FromSeconds(1);
            for (int count = 0; ;)
            {
                long start = Stopwatch.GetTimestamp();
                int code = await RunWorkerAsync(arguments);
                if (code is ExitCode.Done or ExitCode.Usage or ExitCode.Stopped) { return code; }
                if (_stopping.IsCancellationRequested) { return EndOfStopped(code); }

                TimeSpan ran = Stopwatch.GetElapsedTime(start);
                if (ran >= Healthy) { (count, pause) = (0, firstPause ?? TimeSpan.FromSeconds(1)); }
                string how = string.Create(CultureInfo.InvariantCulture, $"The worker {Describe(code)} after {ran:hh\\:mm\\:ss}");
                if (count == restarts)
                {
                    await Console.Error.WriteLineAsync(
                        $"{how}, and was started again {restarts} times in a row before. Run again with the same output to go on.");
                    return ExitCode.Failed;
                }

                count++;
                await Console.Error.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"{how}; it is started again in {pause.TotalSeconds:0.#} s ({count} of {restarts})."));
                await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stopping.IsCancellationRequested) { return ExitCode.Stopped; }
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        finally
        {
            foreach (PosixSignalRegistration signal in signals) { signal.Dispose(); }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private static string Describe(int code) => code > SignalBase
        ? string.Create(CultureInfo.InvariantCulture, $"died of signal {code - SignalBase}")
        : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {code}");

    /// <summary>A worker that was told to end before it handled signals has started nothing.</summary>
    private static int EndOfStopped(int code) =>
        code is SignalBase + 1 or SignalBase + 2 or SignalBase + 15 ? ExitCode.Stopped : ExitCode.Failed;

    private async Task<int> RunWorkerAsync(IReadOnlyList<string> arguments)
    {
        ProcessStartInfo command = ThisProgram.Start();
        command.ArgumentList.Add(SupervisedWorker.Verb);
        command.ArgumentList.Add(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        foreach (string argument in arguments) { command.ArgumentList.Add(argument); }
        Process worker;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) { return ExitCode.Stopped; }
            worker = _worker = Process.Start(command)!;
        }

        await worker.WaitForExitAsync();
        lock (_gate)
        {
            _worker = null;
            int code = worker.ExitCode;
            worker.Dispose();
            return code;
        }
    }

    private void PassOn(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            _stopping.Cancel();
            if (_worker is not { HasExited: false } worker) { return; }
            if (OperatingSystem.IsWindows()) { worker.Kill(); }
            else { _ = Send(worker.Id, context.Signal switch { PosixSignal.SIGHUP => 1, PosixSignal.SIGINT => 2, _ => 15 }); }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
