using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Download.Settings;

/// <summary>When a failing host is no longer asked; bound to <c>Laion:Download:Breaker</c>. Live.</summary>
public sealed class BreakerOptions
{
    /// <summary>
    /// Consecutive failures (no connection, no answer in time, status 5xx) after which the host's rows are dropped as <c>host_down</c>; 0 for never.
    /// </summary>
    /// <value>Default 10.</value>
    [Range(0, 1_000_000)]
    public int Failures { get; set; } = 10;

    /// <summary>How long the host is not asked; after that, one row tries it again.</summary>
    /// <value>Default one minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromMinutes(1);
}
