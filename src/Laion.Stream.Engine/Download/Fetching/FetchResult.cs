using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>How one request ended: with a body, with a redirect, or with an outcome.</summary>
/// <param name="Body">The body; the receiver owns it.</param>
/// <param name="Location">The redirect's target as sent.</param>
/// <param name="Outcome">Why there is neither.</param>
/// <param name="Status">The HTTP status; 0 where there was no answer.</param>
/// <param name="MayBeSharedConnection">Whether the failure was the connection's, which other requests shared: it may have been the fault of one of these.</param>
internal readonly record struct FetchResult(PooledBody? Body, string? Location, DropOutcome Outcome, int Status, bool MayBeSharedConnection = false)
{
    /// <summary>A request without use.</summary>
    public static FetchResult Failed(DropReason reason, int status = 0) => new(null, null, new DropOutcome(reason), status);
}
