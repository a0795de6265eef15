using System.Collections.Concurrent;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inputs;

/// <summary>Reads several input files concurrently: each pump takes a file, reads it, and takes the next, until none is left.</summary>
/// <param name="held">The files are taken from it and given back to it.</param>
/// <param name="pumpAsync">Reads one file; returns whether it was read to its end. Receives the stop and the abort.</param>
/// <param name="log">Logs files that cannot be read.</param>
internal sealed partial class InputPumps(HeldInputs held, Func<InputFile, CancellationToken, CancellationToken, Task<bool>> pumpAsync, ILogger<InputPumps> log)
{
    private readonly ConcurrentQueue<string> _unreadable = new();
    private int _unfinished;

    /// <summary>Input files that could not be read, each with its cause; they stay unfinished and the next run tries them again.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    /// <summary>Whether every file that was taken was read to its end.</summary>
    public bool ReadAllTaken => Volatile.Read(ref _unfinished) == 0;

    /// <summary>Reads until no file is left, or until stopped.</summary>
    /// <param name="pumps">Files read concurrently.</param>
    /// <param name="stop">Stops reading; files that are not read to their end are given back.</param>
    /// <param name="abort">Cancels waits for the graph.</param>
    /// <exception cref="GraphEndedException">The graph ended first.</exception>
    public Task RunAsync(int pumps, CancellationToken stop, CancellationToken abort) =>
        Task.WhenAll(Enumerable.Range(0, pumps).Select(_ => Task.Run(() => PumpAllAsync(stop, abort), CancellationToken.None)));

    private async Task PumpAllAsync(CancellationToken stop, CancellationToken abort)
    {
        while (await held.TakeAsync(stop) is { } file)
        {
            if (await IsReadAsync(file, stop, abort))
            {
                held.NoteRead(file);
                continue;
            }

            Interlocked.Increment(ref _unfinished);
            await held.GiveBackAsync(file);
        }
    }

    private async Task<bool> IsReadAsync(InputFile file, CancellationToken stop, CancellationToken abort)
    {
        try
        {
            return await pumpAsync(file, stop, abort);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or UnauthorizedAccessException or ListSchemaException)
        {
            // One lost input must not stop the others; it is logged, counted, and tried again by the next run.
            Log.Unreadable(log, PublicLocation.Of(file.Location), e);
            _unreadable.Enqueue($"{PublicLocation.Of(file.Location)}: {e.Message}");
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1004, LogLevel.Error, "{Location} cannot be read; it stays unfinished and the next run tries it again")]
        public static partial void Unreadable(ILogger log, string location, Exception cause);
    }
}
