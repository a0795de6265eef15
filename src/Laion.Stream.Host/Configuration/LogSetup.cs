using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace LaionStream.Host.Configuration;

/// <summary>
/// Serilog for people (stderr) and for machines (compact JSON), both asynchronous: a slow terminal or disk loses log lines but never blocks the graph.
/// </summary>
internal static class LogSetup
{
    private const string ConsoleTemplate = $"{{Timestamp:HH:mm:ss}} {{Level:u3}} {{Message:lj}}{{NewLine}}{{{ConsoleStack.Property}}}";

    /// <summary>Creates the logger.</summary>
    /// <param name="options">What is logged and where.</param>
    /// <param name="output">Folder that relative log paths are below; null logs to the console only.</param>
    /// <param name="level">Receives live changes of the level.</param>
    /// <param name="around">Makes of the console's sink the one that is used, given the form of a line; null for the console's own.</param>
    public static Logger Create(LogOptions options, string? output, LoggingLevelSwitch level, Func<ILogEventSink, string, ILogEventSink>? around = null)
    {
        level.MinimumLevel = options.Level;
        bool hasFile = output is not null && options.File.Length > 0;
        var logger = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(level)
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .WriteTo.Async(sinks => sinks.Logger(console =>
            {
                LoggerSinkConfiguration enriched = console.Enrich.With(new ConsoleStack(hasFile)).WriteTo;
                if (around is null) { WriteToConsole(enriched); }
                else { enriched.Sink(around(WriteToConsole(new LoggerConfiguration().MinimumLevel.Verbose().WriteTo).CreateLogger(), ConsoleTemplate)); }
            }));
        if (hasFile)
        {
            logger.WriteTo.Async(sinks => sinks.Logger(file => file.Enrich.With<DurationSeconds>().WriteTo.File(
                new PublicFormatter(new CompactJsonFormatter()),
                Path.Combine(output!, options.File),
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: options.RetainedFiles)));
        }

        return logger.CreateLogger();
    }

    private static LoggerConfiguration WriteToConsole(LoggerSinkConfiguration sinks) => sinks.Console(
        outputTemplate: ConsoleTemplate,
        standardErrorFromLevel: LogEventLevel.Verbose,
        formatProvider: System.Globalization.CultureInfo.InvariantCulture);
}
