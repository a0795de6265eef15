using System.ComponentModel.DataAnnotations;

namespace LaionStream.Explorer.Settings;

/// <summary>Settings of the service and its page; section <c>Explorer</c> of <c>appsettings.json</c>.</summary>
public sealed class ExplorerOptions
{
    /// <summary>Address and port to listen on: a port, which only this machine reaches, or address:port, such as 0.0.0.0:8080 for every machine.</summary>
    /// <value>Default 127.0.0.1:8080: this machine only.</value>
    public string Listen { get; set; } = "127.0.0.1:8080";

    /// <summary>
    /// File with the keys that requests must carry as X-API-Key, one a line, each of at least 16 characters.
    /// </summary>
    /// <value>Default none: every request is answered.</value>
    public string? KeyFile { get; set; }

    /// <summary>
    /// Host names that requests may name, such as explore.example.org; others are refused. An empty list means: any, but only localhost while the service
    /// listens on this machine alone and asks for no key.
    /// </summary>
    /// <value>Default none.</value>
    public string[] Hosts { get; set; } = [];

    /// <summary>Requests per second of one key, or of one address where no key is asked for.</summary>
    /// <value>Default 200: pictures of a page count too.</value>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 200;

    /// <summary>Requests that one key or address may send at once after a pause.</summary>
    /// <value>Default 1,000.</value>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 1000;

    /// <summary>Requests worked on at once.</summary>
    /// <value>Default 0: two per core.</value>
    [Range(0, 1024)]
    public int Concurrency { get; set; }

    /// <summary>Requests that may wait for their turn; more are answered with 503.</summary>
    /// <value>Default 256.</value>
    [Range(0, 100_000)]
    public int Queue { get; set; } = 256;

    /// <summary>Open connections; more are closed at once.</summary>
    /// <value>Default 2,000.</value>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 2000;

    /// <summary>Most bytes of a request's body: a picture in base64 is a third larger than its file.</summary>
    /// <value>Default 16 MiB.</value>
    [Range(1024, 256L << 20)]
    public long MaxBodyBytes { get; set; } = 16 << 20;

    /// <summary>Longest time that a request may take, its arrival and the fetch of a picture included.</summary>
    /// <value>Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between two looks for new parts while a run writes the output.</summary>
    /// <value>Default 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Refresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the service fetches pictures from the web: for a search by address, and thumbnails of rows whose pictures are not stored. Addresses are judged
    /// as in a run (Download:AllowPrivate).
    /// </summary>
    /// <value>Default true.</value>
    public bool Fetch { get; set; } = true;

    /// <summary>Memory for thumbnails, in bytes.</summary>
    /// <value>Default 64 MiB.</value>
    [Range(0, 16L << 30)]
    public long ThumbnailBytes { get; set; } = 64 << 20;

    /// <summary>Most rows of one export.</summary>
    /// <value>Default 100,000.</value>
    [Range(1, 100_000)]
    public int ExportRows { get; set; } = 100_000;
}
