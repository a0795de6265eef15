using Microsoft.Extensions.Logging;

namespace LaionStream.Models.Tests.ModelSets;

/// <summary>Collects log messages.</summary>
internal sealed class Lines : ILoggerFactory, ILogger
{
    private readonly List<(LogLevel Level, string Text)> _all = [];

    /// <summary>Warnings, in order.</summary>
    public IReadOnlyList<string> Warnings => Of(LogLevel.Warning);

    /// <summary>Messages of one level, in order.</summary>
    public IReadOnlyList<string> Of(LogLevel level)
    {
        lock (_all) { return [.. _all.Where(line => line.Level == level).Select(line => line.Text)]; }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_all) { _all.Add((logLevel, formatter(state, exception))); }
    }
}
