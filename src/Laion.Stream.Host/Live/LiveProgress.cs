using System.Diagnostics;
using LaionStream.Engine.Run;

namespace LaionStream.Host.Live;

/// <summary>
/// Shows how far a verb is that works through rows, files or bytes: two lines at the bottom of a terminal, first numbers after two seconds; elsewhere one line
/// of at most 160 characters every <c>Laion:Pipeline:SummaryInterval</c> on stderr.
/// </summary>
/// <example>
/// <code>
/// using LiveProgress progress = LiveProgress.Start("index", "rows", plain.IsAsked(parsed), settings);
/// progress.Total = rows;              // once it is known
/// progress.Phase = "adding vectors";  // shown behind the numbers
/// progress.Add(batch.Length, bytes);  // from any thread
/// progress.Say($"wrote {path}");      // a line of the result on stdout: never into the view
/// </code>
/// </example>
internal sealed class LiveProgress : IDisposable
{
    private static readonly TimeSpan FirstNumbers = TimeSpan.FromSeconds(2);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly string _verb;
    private readonly string _unit;
    private readonly LiveTerminal? _terminal;
    private readonly LiveScreen? _screen;
    private readonly Timer? _timer;
    private readonly Lock _reading = new();
    private readonly Lock _writing = new();
    private RecentRate _doneRate = new();
    private RecentRate _bytesRate = new();
    private long _total;
    private long _done;
    private long _bytes;

    private LiveProgress(string verb, string unit, LiveTerminal? terminal, TimeSpan every)
    {
        (_verb, _unit, _terminal) = (verb, unit, terminal);
        if (terminal is not null) { _screen = new LiveScreen(terminal, View); }
        else { _timer = new Timer(_ => WriteLine(), null, every, every); }
    }

    /// <summary>How many there are in all; 0 while that is not known.</summary>
    public long Total
    {
        get => Interlocked.Read(ref _total);
        set => Interlocked.Exchange(ref _total, value);
    }

    /// <summary>What is being done now, in a few words; null for nothing.</summary>
    public string? Phase { get; set; }

    /// <summary>Starts showing.</summary>
    /// <param name="verb">Its name.</param>
    /// <param name="unit">What is counted, in the plural: <c>rows</c>; <c>bytes</c> are shown in larger units.</param>
    /// <param name="isPlain">From <see cref="PlainOption"/>.</param>
    /// <param name="settings">Keys from the command line, for the time between lines.</param>
    public static LiveProgress Start(string verb, string unit, bool isPlain, IReadOnlyDictionary<string, string?> settings) =>
        new(verb, unit, LiveTerminal.Find(isPlain), PlainLog.Interval(settings));

    /// <summary>Starts over with another part of the work, such as the next file.</summary>
    /// <param name="phase">What is done now.</param>
    /// <param name="total">How much that is; 0 when it is not known.</param>
    public void Begin(string phase, long total)
    {
        lock (_reading)
        {
            (_doneRate, _bytesRate, Phase, Total) = (new RecentRate(), new RecentRate(), phase, total);
            Interlocked.Exchange(ref _done, 0);
            Interlocked.Exchange(ref _bytes, 0);
        }
    }

    /// <summary>Counts more.</summary>
    /// <param name="done">How many more are done.</param>
    /// <param name="bytes">How many bytes more were read or written for them; 0 when bytes are what is counted.</param>
    public void Add(long done, long bytes = 0)
    {
        Interlocked.Add(ref _done, done);
        if (bytes != 0) { Interlocked.Add(ref _bytes, bytes); }
    }

    /// <summary>Sets the counts.</summary>
    public void Set(long done, long total)
    {
        Interlocked.Exchange(ref _done, done);
        Total = total;
    }

    /// <summary>Writes a line of the result on stdout. On a terminal the view is away meanwhile.</summary>
    public void Say(string line) => Write(line, Console.Out);

    /// <summary>Writes an error or a warning on stderr.</summary>
    public void Warn(string line) => Write(line, Console.Error);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _screen?.Dispose();
    }

    /// <summary>The numbers in one line: how far, since when, how fast, how long still.</summary>
    internal string Line() => string.Join(", ", (string?[])[$"{_verb}: {How()}", .. Rates()]) + (Phase is { } phase ? $": {phase}" : "");

    private void Write(string line, TextWriter to)
    {
        if (_screen is null) { to.WriteLine(line); }
        else { _screen.Write(LiveLine.Of(line), to); }
    }

    /// <summary>A reader of stderr that has stopped holds one thread, not one for each line.</summary>
    private void WriteLine()
    {
        if (!_writing.TryEnter()) { return; }

        try
        {
            Console.Error.WriteLine(PlainLog.Line(Line()));
        }
        finally
        {
            _writing.Exit();
        }
    }

    private bool IsBytes => _unit == "bytes";

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    private string Amount(long count) => IsBytes ? RunText.Bytes(count) : RunText.Count(count);

    private string How()
    {
        (long done, long total) = (Interlocked.Read(ref _done), Total);
        string of = total > 0 ? $"{RunText.Percent((double)done / total)}, {Amount(done)} of {Amount(total)}" : Amount(done);
        return IsBytes ? of : $"{of} {_unit}";
    }

    private List<string> Rates()
    {
        TimeSpan elapsed = Elapsed;
        lock (_reading) // the timer's calls may overlap on a busy machine
        {
            _doneRate.Take(elapsed, Interlocked.Read(ref _done));
            _bytesRate.Take(elapsed, Interlocked.Read(ref _bytes));
            List<string> rates = [$"{RunText.Time(elapsed)} gone"];
            if (Total > 0 && _doneRate.Until(Total) is { } left) { rates.Add($"{RunText.Time(left)} left"); }
            rates.Add(IsBytes ? RunText.MegabytesPerSecond(_doneRate.PerSecond) : $"{RunText.Rate(_doneRate.PerSecond)} {_unit}/s");
            if (Interlocked.Read(ref _bytes) > 0) { rates.Add(RunText.MegabytesPerSecond(_bytesRate.PerSecond)); }
            return rates;
        }
    }

    private List<LiveLine> View(TerminalSize size)
    {
        List<string> rates = Rates();
        if (Elapsed < FirstNumbers) { return [LiveLine.Of(_verb, LiveLine.Strong).Add(Phase is { } begun ? $"  {begun}" : "")]; }

        var first = LiveLine.Of(_verb, LiveLine.Strong).Add("  ");
        if (Total > 0)
        {
            (string filled, string empty) = LiveBar.Of((double)Interlocked.Read(ref _done) / Total, Math.Clamp(size.Columns / 4, 10, 40), _terminal!.IsUnicode);
            first.Add(filled, LiveLine.Good).Add(empty, LiveLine.Quiet).Add("  ");
        }

        return [first.Add(How()), LiveLine.Of("  " + string.Join("  ", rates)).Add(Phase is { } phase ? $"  {phase}" : "", LiveLine.Quiet)];
    }
}
