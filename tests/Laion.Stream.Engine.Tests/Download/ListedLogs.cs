using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Collects log messages.</summary>
internal sealed class ListedLogs : ILoggerFactory, ILogger
{
    public List<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines) { Lines.Add(formatter(state, exception)); }
    }

    public void Dispose()
    {
    }
}
