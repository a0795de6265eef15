using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Download.Settings;

/// <summary>Limits of the load on one host; bound to <c>Laion:Download:PerHost</c>. Live.</summary>
public sealed class PerHostOptions
{
    /// <summary>Concurrent requests to one host.</summary>
    /// <value>Default 8.</value>
    [Range(1, 100_000)]
    public int Concurrency { get; set; } = 8;

    /// <summary>Requests per second to one host; 0 for no limit.</summary>
    /// <value>Default 0.</value>
    [Range(0.0, 1_000_000.0)]
    public double RequestsPerSecond { get; set; }

    /// <summary>Requests that may start at once after an idle time, before <see cref="RequestsPerSecond"/> spaces them.</summary>
    /// <value>Default 1.</value>
    [Range(1, 100_000)]
    public int Burst { get; set; } = 1;
}
