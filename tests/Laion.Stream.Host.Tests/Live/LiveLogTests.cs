using LaionStream.Host.Live;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace LaionStream.Host.Tests.Live;

/// <summary>The log beside a view.</summary>
public sealed class LiveLogTests
{
    private const string Template = "{Level:u3} {Message:lj}{NewLine}";

    [Fact]
    public void Emit_WithoutAView_GoesToTheConsole()
    {
        var console = new Listed();
        using Logger log = Create(console, out LiveLog live);

        log.Information("one");
        log.Warning("two");

        Assert.Equal(["one", "two"], console.Lines);
        Assert.Equal(["WRN two"], live.Warnings.Select(line => line.ToString()));
    }

    [Fact]
    public void Emit_WithAView_GoesAboveItWithoutTheProgressLine()
    {
        var console = new Listed();
        using var terminal = new FakeTerminal(60, 20);
        using (Logger log = Create(console, out LiveLog live))
        {
            using var screen = new LiveScreen(new LiveTerminal(false, true), _ => [.. live.Warnings], () => new TerminalSize(60, 20), terminal);
            live.Screen = screen;
            log.Information("one");
            log.ForContext("EventId", new { Id = 910 }, destructureObjects: true).Information("progress");
            foreach (int number in Enumerable.Range(0, 9)) { log.Warning("warning {Number} for https://me:secret@h.example/", number); }
            live.Screen = null;
        }

        Assert.Empty(console.Lines);
        Assert.Equal(["INF one", .. Enumerable.Range(0, 9).Select(number => $"WRN warning {number} for https://h.example/")], terminal.Lines);
    }

    [Fact]
    public void Warnings_Many_KeepTheLastThree()
    {
        using Logger log = Create(new Listed(), out LiveLog live);

        foreach (int number in Enumerable.Range(0, 9)) { log.Error("error {Number}", number); }

        Assert.Equal(["ERR error 6", "ERR error 7", "ERR error 8"], live.Warnings.Select(line => line.ToString()));
    }

    private static Logger Create(ILogEventSink console, out LiveLog live)
    {
        live = new LiveLog(console, Template);
        return new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(live).CreateLogger();
    }

    private sealed class Listed : ILogEventSink
    {
        public List<string> Lines { get; } = [];

        public void Emit(LogEvent logEvent) => Lines.Add(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
    }
}
