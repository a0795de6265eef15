namespace LaionStream.Text.Urls;

/// <summary>Where the parts of a serialised http or https URL are.</summary>
/// <param name="IsHttps">Whether the scheme is https, else http.</param>
/// <param name="HostEnd">Index after the host, which starts after <c>://</c>.</param>
/// <param name="Port">Effective port.</param>
/// <param name="PathStart">Index of the path's first slash.</param>
/// <param name="PathEnd">Index after the path: of the question mark, or the length.</param>
internal readonly record struct UrlLayout(bool IsHttps, int HostEnd, ushort Port, int PathStart, int PathEnd)
{
    /// <summary>Index of the host's first character.</summary>
    public int HostStart => IsHttps ? 8 : 7;

    /// <summary>The scheme's default port.</summary>
    public ushort DefaultPort => IsHttps ? (ushort)443 : (ushort)80;
}
