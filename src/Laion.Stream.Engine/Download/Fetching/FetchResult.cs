using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>How one request ended: with a body, with a redirect, or with an outcome.</summary>
/// <param name="Body">The body; the receiver owns it.</param>
/// <param name="Location">The redirect's target as sent.</param>
/// <param name="Outcome">Why there is neither body nor redirect.</param>
/// <param name="Status">The HTTP status; 0 if there was no answer.</param>
/// <param name="MayBeSharedConnection">Whether a connection shared with other requests failed, so that one of these may have caused the failure.</param>
internal readonly record struct FetchResult(PooledBody? Body, string? Location, DropOutcome Outcome, int Status, bool MayBeSharedConnection = false)
{
    /// <summary>Whether resolvers say that the host's name does not exist.</summary>
    public bool IsNameMissing { get; init; }

    /// <summary>How long the answer is fresh, as its server says (RFC 9111, 4.2.1); null where it says nothing.</summary>
    public TimeSpan? Freshness { get; init; }

    /// <summary>Address of the conditions in the answer's <c>tdm-policy</c>; null when it has none.</summary>
    public string? TdmPolicy { get; init; }

    /// <summary>What the answer's headers object to.</summary>
    public OptOutFindings Objections { get; init; }

    /// <summary>A request without a usable result.</summary>
    public static FetchResult Failed(DropReason reason, int status = 0) => new(null, null, new DropOutcome(reason), status);
}
