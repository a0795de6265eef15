using System.Net.Http.Headers;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>The validators of a remote file, by which a replaced file is detected (RFC 9110 section 8.8).</summary>
/// <param name="Tag">Its entity tag.</param>
/// <param name="Modified">Time of the last modification.</param>
/// <param name="Length">Length of the whole file, in bytes.</param>
internal sealed record RemoteVersion(EntityTagHeaderValue? Tag, DateTimeOffset? Modified, long? Length)
{
    /// <summary>
    /// How the file differs from an earlier version, or null. A validator that only one of the two answers has is ignored, because several servers may share
    /// one address.
    /// </summary>
    public string? ChangeSince(RemoteVersion before)
    {
        if (before.Length is { } had && Length is { } has && had != has) { return FormattableString.Invariant($"it has {has} bytes and had {had}"); }
        if (before.Tag is { } tag && Tag is { } now) { return tag.Tag == now.Tag ? null : $"its entity tag is {now} and was {tag}"; }
        return before.Modified is { } old && Modified is { } changed
            && old != changed ? FormattableString.Invariant($"it was changed at {changed:u}; what was read is of {old:u}") : null;
    }

    /// <summary>Whether a later answer is for another version of the file; a missing length is ignored.</summary>
    public bool IsOther(RemoteVersion later) =>
        !Equals(Tag, later.Tag) || Modified != later.Modified || (Length is { } known && later.Length is { } length && length != known);
}
