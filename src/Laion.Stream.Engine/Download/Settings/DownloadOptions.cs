using System.ComponentModel.DataAnnotations;
using System.Globalization;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Handles;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Download.Settings;

/// <summary>How pictures are fetched; bound to <c>Laion:Download</c>. Live unless a member says otherwise.</summary>
public sealed class DownloadOptions
{
    /// <summary>
    /// The stage's queue: rows that are fetched or wait for their host, and rows held in all. A waiting row costs about a kilobyte and no connection, so the
    /// parallelism is many times larger than <see cref="Concurrency"/>.
    /// </summary>
    /// <value>Default 2048 rows at once, 4096 in all. Not live.</value>
    [Required]
    [ValidateObjectMembers]
    public QueueOptions Queue { get; set; } = new() { Parallelism = 2048, Capacity = 4096 };

    /// <summary>Concurrent requests: a number, or <c>auto</c> to grow while goodput grows and to shrink on errors.</summary>
    /// <value>Default 256.</value>
    [Required]
    public string Concurrency { get; set; } = "256";

    /// <summary>Highest number that <c>auto</c> may choose.</summary>
    /// <value>Default 2048.</value>
    [Range(1, 100_000)]
    public int MaxConcurrency { get; set; } = 2048;

    /// <summary>
    /// A request that made no progress for this long (no answer, or fewer bytes than <see cref="MinThroughput"/> requires), and for twice the time within which
    /// nine of ten answers arrive, is treated as stalled: it continues until its own time is up, but no longer counts in <see cref="Concurrency"/>.
    /// </summary>
    /// <value>Default 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Stalled requests allowed in addition to <see cref="Concurrency"/>, each with a socket and up to 64 KB of the memory budget; 0 for none.
    /// </summary>
    /// <value>Default 1024.</value>
    [Range(0, 100_000)]
    public int MaxStalled { get; set; } = 1024;

    /// <summary>Idle connections kept open for later requests, over all hosts; beyond this number the least recently used one is closed. 0 for none.</summary>
    /// <value>Default 1024.</value>
    [Range(0, 1_000_000)]
    public int MaxIdle { get; set; } = 1024;

    /// <summary>
    /// Total time for one URL from its first attempt: DNS, connect, TLS, redirects, retries and body. Waiting for our own memory or for the host's limits
    /// does not count.
    /// </summary>
    /// <value>Default 20 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time for DNS, TCP and TLS of one connection.</summary>
    /// <value>Default 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Minimum throughput of a body in bytes per second, over each <see cref="ThroughputWindow"/>; 0 for no limit.</summary>
    /// <value>Default 1024.</value>
    [Range(0, 1_000_000_000)]
    public int MinThroughput { get; set; } = 1024;

    /// <summary>The time over which <see cref="MinThroughput"/> is measured.</summary>
    /// <value>Default 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan ThroughputWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Minimum size of a picture, in bytes. Part of the run's fingerprint, never live.</summary>
    /// <value>Default 5000, as LAION-5B.</value>
    [Range(0, int.MaxValue)]
    public int MinBytes { get; set; } = 5000;

    /// <summary>Maximum size of a picture, in bytes after content decoding. Part of the run's fingerprint, never live.</summary>
    /// <value>Default 16 MiB.</value>
    [Range(1, 1 << 30)]
    public int MaxBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Maximum size of a response's header, in KiB. Not live.</summary>
    /// <value>Default 32.</value>
    [Range(1, 1024)]
    public int MaxHeaderKilobytes { get; set; } = 32;

    /// <summary>Redirects followed for one URL.</summary>
    /// <value>Default 5.</value>
    [Range(0, 50)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Further attempts after a transient failure, all within <see cref="Timeout"/>.</summary>
    /// <value>Default 2.</value>
    [Range(0, 20)]
    public int Retries { get; set; } = 2;

    /// <summary>Mean delay before the first further attempt; doubles with each.</summary>
    /// <value>Default 500 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Networks (CIDR) that may be connected to although they are not public: tests, the demo, mirrors. Not live.</summary>
    /// <value>Default none.</value>
    public string[] AllowPrivate { get; set; } = [];

    /// <summary>Ports that may be connected to.</summary>
    /// <value>Default null: every port that browsers allow (all but the Fetch standard's list of bad ports).</value>
    public int[]? AllowedPorts { get; set; }

    /// <summary>Sent with every request; should name a page with a contact.</summary>
    [Required]
    public string UserAgent { get; set; } = DefaultUserAgent;

    /// <summary>
    /// Addresses of hosts, used instead of DNS: host, <c>*.suffix</c> or <c>*</c> → <c>address</c> or <c>address:port</c> (IPv6 in brackets).
    /// The address guard applies to these addresses too. Not live.
    /// </summary>
    public Dictionary<string, string> Resolve { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Limits of one host.</summary>
    [Required]
    [ValidateObjectMembers]
    public PerHostOptions PerHost { get; set; } = new();

    /// <summary>When a failing host is no longer asked.</summary>
    [Required]
    [ValidateObjectMembers]
    public BreakerOptions Breaker { get; set; } = new();

    /// <summary>When the run takes its own network for down.</summary>
    [Required]
    [ValidateObjectMembers]
    public OutageOptions Outage { get; set; } = new();

    /// <summary>Longest time a row waits for its host's limits; then it is dropped as <c>host_busy</c>.</summary>
    /// <value>Default one minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxHostWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Rows that may wait for one host while other hosts' rows need the queue; further ones are dropped as <c>host_busy</c>.</summary>
    /// <value>Default 256.</value>
    [Range(1, 1_000_000)]
    public int MaxPendingPerHost { get; set; } = 256;

    /// <summary>The older name of <c>OptOut:RobotsTxt</c>: true turns it on, unless that key says otherwise. Part of the run's fingerprint, never live.</summary>
    /// <value>Default false.</value>
    public bool Robots { get; set; }

    /// <summary>
    /// False is the older way to turn off <c>OptOut:XRobotsTag</c>, <c>ContentUsage</c> and <c>TdmRep</c>, unless those keys say otherwise. Part of the run's
    /// fingerprint, never live.
    /// </summary>
    /// <value>Default true.</value>
    public bool RespectHeaders { get; set; } = true;

    /// <summary>
    /// Whether cookies that an answer sets are sent with the further requests for the same URL: redirects that set one and want it back are followed as a
    /// browser does. Each URL begins without cookies. Part of the run's fingerprint, never live.
    /// </summary>
    /// <value>Default null: on in new outputs; an output that was begun without them goes on without them.</value>
    public bool? Cookies { get; set; }

    /// <summary>
    /// Whether a WARC's own picture responses answer the links of its pages, instead of the network. Local files only: they are read twice. Not live.
    /// </summary>
    /// <value>Default false.</value>
    public bool FromArchive { get; set; }

    /// <summary>PEM file of certificate authorities trusted in addition to the system's. Not live.</summary>
    /// <value>Default none.</value>
    public string? CaFile { get; set; }

    /// <summary>
    /// Whether certificates are not checked, as with img2dataset's <c>ignore_ssl_certificate</c>. Anyone on the way may then exchange the pictures. Not live.
    /// </summary>
    /// <value>Default false.</value>
    public bool IgnoreCertificate { get; set; }

    /// <summary>Lists of digests whose pictures and URLs are dropped.</summary>
    [Required]
    [ValidateObjectMembers]
    public BlockListOptions BlockLists { get; set; } = new();

    /// <summary>Name resolution.</summary>
    [Required]
    [ValidateObjectMembers]
    public DnsOptions Dns { get; set; } = new();

    /// <summary>Uses a reserved domain, because an operator who has configured no contact has none.</summary>
    internal const string DefaultUserAgent = "laion-stream/0.1 (+https://contact-not-set.invalid/)";

    /// <summary>Maximum number of open requests, stalled ones included.</summary>
    internal int MostRequests => Math.Max(1, Math.Min((FixedConcurrency ?? MaxConcurrency) + MaxStalled, Queue.Parallelism));

    /// <summary>Returns a copy whose limits do not exceed the granted handles.</summary>
    internal DownloadOptions Within(HandleNeeds granted)
    {
        var copy = (DownloadOptions)MemberwiseClone();
        copy.MaxConcurrency = Math.Min(MaxConcurrency, granted.Concurrency);
        if (FixedConcurrency is { } number) { copy.Concurrency = Math.Min(number, granted.Concurrency).ToString(CultureInfo.InvariantCulture); }
        copy.MaxStalled = Math.Min(MaxStalled, granted.Stalled);
        copy.MaxIdle = Math.Min(MaxIdle, granted.Idle);
        copy.Dns = Dns.Within(granted);
        return copy;
    }

    /// <summary>Whether <see cref="Concurrency"/> is <c>auto</c>.</summary>
    internal bool IsAuto => string.Equals(Concurrency, "auto", StringComparison.OrdinalIgnoreCase);

    /// <summary>The number in <see cref="Concurrency"/>; null for <c>auto</c> and for anything that is not a number from 1 to 100,000.</summary>
    internal int? FixedConcurrency =>
        int.TryParse(Concurrency, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 100_000 ? number : null;
}
