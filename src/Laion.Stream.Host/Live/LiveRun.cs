using System.Diagnostics;
using LaionStream.Engine.Run;

namespace LaionStream.Host.Live;

/// <summary>Shows a run of the engine on a terminal, from its start to its end.</summary>
internal sealed class LiveRun : IDisposable
{
    private static readonly TimeSpan FirstNumbers = TimeSpan.FromSeconds(2);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly RunPace _pace = new();
    private readonly RunGlances _glances;
    private readonly LiveTerminal _terminal;
    private readonly LiveLog _log;
    private readonly string _verb;
    private readonly CancellationToken _stop;
    private readonly LiveScreen _screen;

    /// <summary>Starts showing.</summary>
    /// <param name="verb">The verb, until the run tells its own.</param>
    /// <param name="glances">The run's numbers.</param>
    /// <param name="terminal">What the terminal can show.</param>
    /// <param name="log">Its lines go above the view.</param>
    /// <param name="stop">Cancelled when the operator has stopped the run.</param>
    public LiveRun(string verb, RunGlances glances, LiveTerminal terminal, LiveLog log, CancellationToken stop)
    {
        (_verb, _glances, _terminal, _log, _stop) = (verb, glances, terminal, log, stop);
        _screen = new LiveScreen(terminal, View);
        _log.Screen = _screen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Screen = null;
        _screen.Dispose();
    }

    private IReadOnlyList<LiveLine> View(TerminalSize size)
    {
        if (_glances.Look() is not { } now)
        {
            string what = _stop.IsCancellationRequested ? "ending" : "getting ready: inputs, models, output";
            return [LiveLine.Of(_verb, LiveLine.Strong).Add($"   {what}   {RunText.Time(Stopwatch.GetElapsedTime(_start))} gone", LiveLine.Quiet), .. _log.Warnings];
        }

        RunRates rates = _pace.Take(now);
        return new RunView(size.Columns, _terminal.IsUnicode)
            .Lines(now, now.Elapsed < FirstNumbers ? null : rates, _log.Warnings, _stop.IsCancellationRequested);
    }
}
