using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>Limits of lists of input paths.</summary>
public sealed class PathListOptions
{
    /// <summary>Most lines of all lists together.</summary>
    /// <value>Default 2,000,000: some 20 crawls.</value>
    [Range(1, 100_000_000)]
    public int MaxLines { get; set; } = 2_000_000;

    /// <summary>Most bytes of one list, after decompression.</summary>
    /// <value>Default 512 MiB.</value>
    [Range(1L, 1L << 40)]
    public long MaxBytes { get; set; } = 512L << 20;

    /// <summary>Longest time in which one list must arrive, retries included.</summary>
    /// <value>Default 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);
}
