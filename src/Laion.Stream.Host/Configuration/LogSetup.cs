using Serilog;
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
    public static Logger Create(LogOptions options, string? output, LoggingLevelSwitch level)
    {
        level.MinimumLevel = options.Level;
        bool hasFile = output is not null && options.File.Length > 0;
        var logger = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(level)
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .WriteTo.Async(sinks => sinks.Logger(console => console.Enrich.With(new ConsoleStack(hasFile)).WriteTo.Console(
                outputTemplate: ConsoleTemplate,
                standardErrorFromLevel: LogEventLevel.Verbose,
                formatProvider: System.Globalization.CultureInfo.InvariantCulture)));
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
}
