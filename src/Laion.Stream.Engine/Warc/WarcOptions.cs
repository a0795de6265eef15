namespace LaionStream.Engine.Warc;

/// <summary>Reading of WARC input; bound to <c>Laion:Warc</c>.</summary>
public sealed class WarcOptions
{
    /// <summary>Whether the archive's own picture responses answer its links (<c>Download:FromArchive</c>). Local files only: they are read twice.</summary>
    /// <value>Default false.</value>
    public bool FromArchive { get; set; }
}
