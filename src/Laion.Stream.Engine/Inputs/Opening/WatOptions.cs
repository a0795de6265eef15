using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Reading of WAT and WARC input, local and remote; bound to <c>Laion:Wat</c>.</summary>
public sealed class WatOptions
{
    /// <summary>Largest record that is read; a larger one is skipped and counted.</summary>
    /// <value>Default 64 MiB.</value>
    [Range(1024, 1 << 30)]
    public int MaxRecordBytes { get; set; } = 64 << 20;

    /// <summary>Consecutive failures of a remote file without a byte of progress before it is given up.</summary>
    /// <value>Default 8.</value>
    [Range(1, 1000)]
    public int RemoteAttempts { get; set; } = 8;

    /// <summary>Delay before the first new attempt at a remote file; doubles with each further one.</summary>
    /// <value>Default half a second.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RemoteBackoff { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest delay between two attempts at a remote file.</summary>
    /// <value>Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RemoteBackoffLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a remote server may send nothing before the connection counts as broken.</summary>
    /// <value>Default 60 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RemoteSilence { get; set; } = TimeSpan.FromSeconds(60);
}
