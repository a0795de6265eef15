namespace LaionStream.Models.Catalog.Pull;

/// <summary>Limits, retries and timeouts of a pull.</summary>
internal sealed class PullOptions
{
    /// <summary>Address that replaces every set's own base: a mirror.</summary>
    /// <value>Default none.</value>
    public Uri? Base { get; set; }

    /// <summary>Most bytes of a file whose size neither the list of models nor the server gives.</summary>
    /// <value>Default 16 GiB.</value>
    public long MaxBytes { get; set; } = 16L << 30;

    /// <summary>Attempts in a row without progress before a file is given up.</summary>
    /// <value>Default 5.</value>
    public int Attempts { get; set; } = 5;

    /// <summary>Delay after the first failure; doubles with each further one.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time without a byte from a server, or with less than 1,024 bytes a second.</summary>
    /// <value>Default 60 s.</value>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(60);
}
