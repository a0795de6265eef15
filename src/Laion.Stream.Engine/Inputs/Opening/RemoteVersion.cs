using System.Net.Http.Headers;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>What a server says by which a file that was replaced can be told (RFC 9110 section 8.8).</summary>
/// <param name="Tag">Its entity tag.</param>
/// <param name="Modified">When it was changed last.</param>
/// <param name="Length">Bytes of the whole file.</param>
internal sealed record RemoteVersion(EntityTagHeaderValue? Tag, DateTimeOffset? Modified, long? Length)
{
    /// <summary>How the file differs from what it was days ago, or null: what only one of two answers names says nothing, for servers stand behind one address.</summary>
    public string? ChangeSince(RemoteVersion before)
    {
        if (before.Length is { } had && Length is { } has && had != has) { return FormattableString.Invariant($"it has {has} bytes and had {had}"); }
        if (before.Tag is { } tag && Tag is { } now) { return tag.Tag == now.Tag ? null : $"its entity tag is {now} and was {tag}"; }
        return before.Modified is { } old && Modified is { } changed && old != changed ? FormattableString.Invariant($"it was changed at {changed:u}; what was read is of {old:u}") : null;
    }

    /// <summary>Whether a later answer speaks of another file; a length that is not named says nothing.</summary>
    public bool IsOther(RemoteVersion later) =>
        !Equals(Tag, later.Tag) || Modified != later.Modified || (Length is { } known && later.Length is { } length && length != known);
}
