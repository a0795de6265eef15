using System.Diagnostics;
using System.Text;
using LaionStream.Engine.Run;

namespace LaionStream.Host.Live;

/// <summary>
/// A view at the bottom of stderr's terminal, with lines of the log above it. One thread draws both, so that they never interleave; a terminal that stops
/// reading stops that thread and nothing else.
/// </summary>
/// <remarks>
/// No state of the terminal is changed: the cursor stays visible, below the view, lines are not wrapped because they are cut, and the screen stays
/// the ordinary one. Whatever ends the process leaves a terminal that can be used.
/// </remarks>
internal sealed class LiveScreen : IDisposable
{
    private const int MostLines = 1000;
    private const string BeginFrame = "\e[?2026h"; // terminals that know it show the frame at once, others ignore it
    private const string EndFrame = "\e[?2026l";
    private const string ClearBelow = "\e[J";
    private const string ClearAll = "\e[2J\e[H";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250); // the size of the terminal, and new lines
    private static readonly TimeSpan Redraw = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<(LiveLine Line, TextWriter? To)> _lines = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Func<TerminalSize, IReadOnlyList<LiveLine>> _view;
    private readonly Func<TerminalSize> _size;
    private readonly Stream _output;
    private readonly LiveCanvas _canvas;
    private readonly Thread _thread;
    private long _lost;
    private int _shown;
    private TerminalSize _shownSize;
    private volatile bool _isEnding;

    /// <summary>Starts drawing.</summary>
    /// <param name="terminal">What the terminal can show.</param>
    /// <param name="view">Makes the lines of the view for a size; called on the drawing thread.</param>
    /// <param name="size">Tells the size of the terminal.</param>
    /// <param name="output">The terminal; null for stderr. Not <see cref="Console.Error"/>, whose lock a terminal that stops reading would hold.</param>
    public LiveScreen(LiveTerminal terminal, Func<TerminalSize, IReadOnlyList<LiveLine>> view, Func<TerminalSize>? size = null, Stream? output = null)
    {
        (_view, _size, _output) = (view, size ?? TerminalSize.OfStandardError, output ?? Console.OpenStandardError());
        _canvas = new LiveCanvas(terminal);
        _thread = new Thread(DrawUntilEnd) { IsBackground = true, Name = "live view" };
        _thread.Start();
    }

    /// <summary>Writes a line above the view; returns at once.</summary>
    /// <param name="line">The line.</param>
    /// <param name="to">Receives it without its styles instead of the terminal, while the view is away; null for the terminal.</param>
    public void Write(LiveLine line, TextWriter? to = null)
    {
        lock (_gate)
        {
            if (to is null && _lines.Count >= MostLines)
            {
                _lost++; // as the log's own queue does when its sink is too slow
                return;
            }

            _lines.Enqueue((line, to));
        }

        _wake.Set();
    }

    /// <summary>
    /// Removes the view and writes the last lines. For a terminal that does not read it waits two seconds; then the lines of results are written as those
    /// of a verb without a view are.
    /// </summary>
    public void Dispose()
    {
        _isEnding = true;
        _wake.Set();
        bool hasEnded = _thread.Join(EndLimit);
        foreach ((LiveLine line, TextWriter? to) in TakeLines().Lines) { to?.WriteLine(line.ToString()); }
        if (!hasEnded) { return; }
        _wake.Dispose();
        _output.Dispose();
    }

    private void DrawUntilEnd()
    {
        try
        {
            long last = 0;
            while (!_isEnding)
            {
                bool isDue = last == 0 || Stopwatch.GetElapsedTime(last) >= Redraw;
                if (isDue || HasLines() || _size() != _shownSize)
                {
                    Draw(isEnd: false);
                    last = Stopwatch.GetTimestamp();
                }

                _wake.WaitOne(Look);
            }

            Draw(isEnd: true);
        }
        catch (IOException)
        {
            // The terminal is gone, as after a hang-up: there is nobody to show anything to, and the log file has every line.
        }
    }

    private bool HasLines()
    {
        lock (_gate) { return _lines.Count > 0; }
    }

    private void Draw(bool isEnd)
    {
        (List<(LiveLine Line, TextWriter? To)> lines, long lost) = TakeLines();
        TerminalSize size = _size();
        var frame = new StringBuilder(BeginFrame);

        // After a change of its size each terminal has moved the old view in its own way.
        frame.Append(size == _shownSize || _shown == 0 ? Back() : ClearAll);
        List<(LiveLine Line, TextWriter? To)> elsewhere = lines.FindAll(line => line.To is not null);
        if (elsewhere.Count > 0)
        {
            Send(frame.Append(ClearBelow).Append(EndFrame));
            foreach ((LiveLine line, TextWriter? to) in elsewhere) { to!.WriteLine(line.ToString()); }
            frame.Clear().Append(BeginFrame);
        }

        frame.Append(_canvas.Draw(lines.Where(line => line.To is null).Select(line => line.Line), width: 0));
        if (lost > 0) { frame.Append(_canvas.Draw([LiveLine.Of($"{RunText.Count(lost)} lines were not shown: the terminal is too slow.")], 0)); }
        IReadOnlyList<LiveLine> view = isEnd ? [] : Fit(_view(size), size);
        frame.Append(_canvas.Draw(view, size.Columns - 1)).Append(ClearBelow).Append(EndFrame); // a full line would leave the cursor in an undefined place
        (_shown, _shownSize) = (view.Count, size);
        Send(frame);
    }

    /// <summary>A view that is higher than the screen could not be drawn over: its last lines are left out.</summary>
    private static IReadOnlyList<LiveLine> Fit(IReadOnlyList<LiveLine> view, TerminalSize size) =>
        view.Count < size.Rows ? view : [.. view.Take(Math.Max(1, size.Rows - 1))];

    private string Back() => _shown == 0 ? "\r" : $"\r\e[{_shown}A";

    private (List<(LiveLine Line, TextWriter? To)> Lines, long Lost) TakeLines()
    {
        lock (_gate)
        {
            List<(LiveLine Line, TextWriter? To)> lines = [.. _lines];
            long lost = _lost;
            _lines.Clear();
            _lost = 0;
            return (lines, lost);
        }
    }

    private void Send(StringBuilder text)
    {
        _output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        _output.Flush();
    }
}
