using System.Globalization;
using LaionStream.Text.Urls;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace LaionStream.Host.Live;

/// <summary>The log on the terminal: as it is without a view, and above the view while there is one. Keeps the last warnings for it.</summary>
/// <param name="console">Writes to the terminal while there is no view.</param>
/// <param name="template">The form of a line.</param>
internal sealed class LiveLog(ILogEventSink console, string template) : ILogEventSink
{
    private const int KeptWarnings = 3;
    private const int ProgressEvent = 910; // the view shows its numbers

    private readonly MessageTemplateTextFormatter _format = new(template, CultureInfo.InvariantCulture);
    private readonly Queue<LiveLine> _warnings = new();
    private readonly Lock _gate = new();
    private volatile LiveScreen? _screen;

    /// <summary>The view; null while there is none.</summary>
    public LiveScreen? Screen
    {
        get => _screen;
        set => _screen = value;
    }

    /// <summary>The last warnings and errors, the newest last.</summary>
    public IReadOnlyList<LiveLine> Warnings
    {
        get
        {
            lock (_gate) { return [.. _warnings]; }
        }
    }

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        LiveScreen? screen = _screen;
        if (screen is null && logEvent.Level < LogEventLevel.Warning)
        {
            console.Emit(logEvent);
            return;
        }

        LiveLine[] lines = Lines(logEvent);
        if (logEvent.Level >= LogEventLevel.Warning) { Keep(lines[0]); }
        if (screen is null) { console.Emit(logEvent); }
        else if (!IsProgress(logEvent))
        {
            foreach (LiveLine line in lines) { screen.Write(line); }
        }
    }

    private void Keep(LiveLine line)
    {
        lock (_gate)
        {
            _warnings.Enqueue(line);
            if (_warnings.Count > KeptWarnings) { _warnings.Dequeue(); }
        }
    }

    private LiveLine[] Lines(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        _format.Format(logEvent, text);
        Spectre.Console.Style style = logEvent.Level switch
        {
            >= LogEventLevel.Error => LiveLine.Hot,
            LogEventLevel.Warning => LiveLine.Warning,
            _ => Spectre.Console.Style.Plain,
        };
        return [.. PublicText.Of(text.ToString()).TrimEnd().Split('\n').Select(line => LiveLine.Of(line.TrimEnd('\r'), style))];
    }

    private static bool IsProgress(LogEvent logEvent) =>
        logEvent.Properties.GetValueOrDefault("EventId") is StructureValue id
            && id.Properties.Any(property => property is { Name: "Id", Value: ScalarValue { Value: ProgressEvent } });
}
