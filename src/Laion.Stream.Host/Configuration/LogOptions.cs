using System.ComponentModel.DataAnnotations;
using Serilog.Events;

namespace LaionStream.Host.Configuration;

/// <summary>What is logged and where; bound to <c>Laion:Log</c>.</summary>
public sealed class LogOptions
{
    /// <summary>Minimum level: verbose, debug, information, warning, error or fatal. Live.</summary>
    /// <value>Default information.</value>
    public LogEventLevel Level { get; set; } = LogEventLevel.Information;

    /// <summary>Compact JSON log, one file per day; a relative path is below the output folder. Empty: no file.</summary>
    /// <value>Default <c>logs/laion-.jsonl</c>.</value>
    public string File { get; set; } = "logs/laion-.jsonl";

    /// <summary>Number of log files kept.</summary>
    /// <value>Default 31.</value>
    [Range(1, 10_000)]
    public int RetainedFiles { get; set; } = 31;
}
