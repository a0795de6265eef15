using System.ComponentModel.DataAnnotations;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Settings;

/// <summary>Name resolution; bound to <c>Laion:Download:Dns</c>. Not live.</summary>
public sealed class DnsOptions
{
    /// <summary>Resolvers as <c>address</c> or <c>address:port</c>, asked in turn when one fails.</summary>
    /// <value>Default null: those of /etc/resolv.conf.</value>
    public string[]? Servers { get; set; }

    /// <summary>Time for one query to one resolver.</summary>
    /// <value>Default 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Shortest time an answer is cached, whatever its TTL.</summary>
    /// <value>Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MinTtl { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time an answer is cached, whatever its TTL.</summary>
    /// <value>Default one hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxTtl { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long the cache remembers that a name does not exist.</summary>
    /// <value>Default 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan NegativeTtl { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the cache remembers that no resolver answered for a name.</summary>
    /// <value>Default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan FailureTtl { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Names in the cache; about 200 bytes each.</summary>
    /// <value>Default 200,000.</value>
    [Range(1, 100_000_000)]
    public int CacheSize { get; set; } = 200_000;

    /// <summary>
    /// Concurrent lookups; further ones wait. A lookup without an answer after an eighth of <see cref="QueryTimeout"/> no longer counts, up to eight times
    /// this number of lookups.
    /// </summary>
    /// <value>Default 256.</value>
    [Range(1, 100_000)]
    public int MaxQueries { get; set; } = 256;

    /// <summary>The hosts file; empty for none.</summary>
    /// <value>Default /etc/hosts.</value>
    public string HostsFile { get; set; } = "/etc/hosts";

    /// <summary>Returns a copy whose limits do not exceed the granted handles.</summary>
    internal DnsOptions Within(HandleNeeds granted)
    {
        var copy = (DnsOptions)MemberwiseClone();
        copy.MaxQueries = Math.Min(MaxQueries, granted.Queries);
        return copy;
    }
}
