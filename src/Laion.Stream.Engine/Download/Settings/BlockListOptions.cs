using System.ComponentModel.DataAnnotations;

namespace LaionStream.Engine.Download.Settings;

/// <summary>
/// Files of hex digests, one per line (text after a blank and lines starting with # are comments): 32 digits are MD5, 40 SHA-1, 64 SHA-256; bound to
/// <c>Laion:Download:BlockLists</c>. The choice of files is part of the run's fingerprint; their content is read again when it changes.
/// </summary>
public sealed class BlockListOptions
{
    /// <summary>Digests of pictures' bytes.</summary>
    /// <value>Default none.</value>
    public string[] Bytes { get; set; } = [];

    /// <summary>Digests of URLs (their UTF-8), as found and as redirected to.</summary>
    /// <value>Default none.</value>
    public string[] Urls { get; set; } = [];

    /// <summary>How often the files are checked for changes.</summary>
    /// <value>Default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan Reload { get; set; } = TimeSpan.FromSeconds(10);
}
