using System.Net.Http.Headers;

namespace LaionStream.Engine.Inputs;

/// <summary>What a server says by which a file that was replaced can be told (RFC 9110 section 8.8).</summary>
/// <param name="Tag">Its entity tag.</param>
/// <param name="Modified">When it was changed last.</param>
/// <param name="Length">Bytes of the whole file.</param>
internal sealed record RemoteVersion(EntityTagHeaderValue? Tag, DateTimeOffset? Modified, long? Length)
{
    /// <summary>Whether a later answer speaks of another file; a length that is not named says nothing.</summary>
    public bool IsOther(RemoteVersion later) =>
        !Equals(Tag, later.Tag) || Modified != later.Modified || (Length is { } known && later.Length is { } length && length != known);
}
