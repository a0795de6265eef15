using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Download.Settings;

/// <summary>When the run takes its own network for down, and waits instead of dropping rows; bound to <c>Laion:Download:Outage</c>. Live.</summary>
public sealed class OutageOptions
{
    /// <summary>How long nothing may have been reached before the run pauses; 0 for never.</summary>
    /// <value>Default one minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan After { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Hosts that must have failed meanwhile, and none of them been reached.</summary>
    /// <value>Default 16.</value>
    [Range(1, 100_000)]
    public int Hosts { get; set; } = 16;

    /// <summary>How often hosts that answered before, or else the resolvers, are tried again.</summary>
    /// <value>Default 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Probe { get; set; } = TimeSpan.FromSeconds(5);
}
