using Serilog.Core;
using Serilog.Events;

namespace LaionStream.Host.Configuration;

/// <summary>Makes durations numbers of seconds for the log that programs read, which has times as text otherwise.</summary>
internal sealed class DurationSeconds : ILogEventEnricher
{
    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach ((string name, LogEventPropertyValue value) in logEvent.Properties.ToArray())
        {
            if (value is ScalarValue { Value: TimeSpan time }) { logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(time.TotalSeconds))); }
        }
    }
}
