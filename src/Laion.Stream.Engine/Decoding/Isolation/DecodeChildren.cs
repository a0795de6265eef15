using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>The decoding processes of a run. They are started when needed and end with the run.</summary>
/// <param name="program">Starts one.</param>
/// <param name="setup">Their options.</param>
/// <param name="log">Logs those that do not start.</param>
internal sealed partial class DecodeChildren(IDecodeProgram program, ChildSetup setup, ILogger<DecodeChildren> log) : IDisposable
{
    private const int Attempts = 3;
    private const int MostPictures = 20_000;
    private const long MostGrowth = 512L << 20;

    /// <summary>
    /// The environment variables that a child gets: paths, and no more. A stranger's picture must not be able to read the run's keys and tokens.
    /// </summary>
    private static readonly string[] Kept =
        ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "SYSTEMROOT", "USERPROFILE", "LD_LIBRARY_PATH", "LD_PRELOAD"];

    private readonly ConcurrentBag<DecodeChild> _idle = [];
    private readonly ChildWatch _watch = new();
    private int _toldOpen;

    /// <summary>Takes a process.</summary>
    /// <param name="fresh">Whether it must be one that has not decoded a picture yet.</param>
    /// <exception cref="InvalidOperationException">None can be started.</exception>
    public DecodeChild Take(bool fresh)
    {
        if (!fresh && _idle.TryTake(out DecodeChild? idle)) { return idle; }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                DecodeChild child = DecodeChild.Start(Command(), _watch, setup);
                if (!child.IsClosed && OperatingSystem.IsLinux() && Interlocked.Exchange(ref _toldOpen, 1) == 0) { Log.SocketsNotClosed(log); }
                return child;
            }
            catch (Exception e) when (e is ChildDiedException or Win32Exception or IOException)
            {
                if (attempt == Attempts)
                {
                    throw new InvalidOperationException($"No decoding process can be started ({e.Message}). Laion:Imaging:Isolation=off decodes without one.",
                        e);
                }
                Log.NotStarted(log, e.Message);
                Thread.Sleep(TimeSpan.FromMilliseconds(500 * attempt));
            }
        }
    }

    /// <summary>Returns a working process. One that has grown, or is old, is ended: memory leaks of a library must not add up.</summary>
    public void Give(DecodeChild child)
    {
        if (child.Pictures < MostPictures && child.Held < MostGrowth) { _idle.Add(child); }
        else { child.Dispose(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DecodeChild child in _idle) { child.Dispose(); }
        _watch.Dispose();
    }

    private ProcessStartInfo Command()
    {
        ProcessStartInfo command = program.Command();
        (command.RedirectStandardInput, command.RedirectStandardOutput, command.UseShellExecute, command.CreateNoWindow) = (true, true, false, true);
        string[] unknown = [
            .. command.Environment.Keys.Where(key => !Kept.Contains(key, StringComparer.OrdinalIgnoreCase)
            && !key.StartsWith("DOTNET_", StringComparison.Ordinal))];
        foreach (string key in unknown) { command.Environment.Remove(key); }
        command.Environment["VIPS_BLOCK_UNTRUSTED"] = "1";
        command.Environment["DOTNET_EnableDiagnostics"] = "0"; // opens a socket
        command.Environment["DOTNET_gcServer"] = "0";
        command.Environment["DOTNET_gcConcurrent"] = "0";
        return command;
    }

    private static partial class Log
    {
        [LoggerMessage(1520, LogLevel.Warning, "A decoding process did not start: {Cause}")]
        public static partial void NotStarted(ILogger log, string cause);

        [LoggerMessage(1521, LogLevel.Warning, "The kernel does not accept the filter that prevents decoding processes from opening sockets")]
        public static partial void SocketsNotClosed(ILogger log);
    }
}
