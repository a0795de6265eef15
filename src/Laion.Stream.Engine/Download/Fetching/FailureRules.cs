using System.Net.Sockets;
using System.Security.Authentication;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>What an exception of the HTTP handler means for the row.</summary>
internal static class FailureRules
{
    /// <summary>A failure before the response's headers were complete.</summary>
    /// <remarks>A connection that breaks or talks nonsense before any answer counts as no connection (<c>connect_failed</c>): there is no body to be incomplete.</remarks>
    /// <param name="failure">As thrown by the handler.</param>
    /// <param name="isConnected">Whether TCP was connected on behalf of this request.</param>
    public static DropReason BeforeHeaders(Exception failure, bool isConnected)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case DialException dial:
                    return dial.Reason;
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return DropReason.TooLarge; // more header than the limit
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return DropReason.DnsFailed;
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException:
                    return DropReason.TlsFailed;
                case SocketException:
                    return DropReason.ConnectFailed;
            }
        }

        // The handler's connect timeout covers TCP and TLS: with TCP done, it was TLS that did not end.
        return failure is OperationCanceledException && isConnected ? DropReason.TlsFailed : DropReason.ConnectFailed;
    }

    /// <summary>Whether a failure before the headers is none of the host's: no handle was left, or the idle connection that was to carry the request had been closed by us.</summary>
    /// <param name="failure">As thrown by the handler.</param>
    public static bool IsOurs(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            // A read that was under way when we closed its socket ends so.
            if (cause is IdleClosedException or SocketException { SocketErrorCode: SocketError.OperationAborted }) { return true; }
        }

        return HandleShortage.IsShortage(failure);
    }

    /// <summary>
    /// Whether a connection that other requests may share (HTTP/2) went down under this one: one answer with more header than the limit, or one GOAWAY, ends them
    /// all, and the handler does not say whose answer it was.
    /// </summary>
    /// <param name="failure">As thrown by the handler, before the headers were complete.</param>
    /// <param name="reason">What <see cref="BeforeHeaders"/> made of it.</param>
    public static bool MayBeSharedConnection(Exception failure, DropReason reason)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is DialException) { return false; } // this request's own connection never came about
        }

        return reason is DropReason.TooLarge or DropReason.ConnectFailed;
    }

    /// <summary>Whether a request's end may be a sign that we ask for too much: it broke, got no answer in time, or was told to come later.</summary>
    /// <param name="reason">Why it failed; <see cref="DropReason.None"/> where it did not.</param>
    /// <param name="status">The HTTP status; 0 where there was no answer.</param>
    public static bool IsTrouble(DropReason reason, int status) => status is 429 or 503 || reason is DropReason.Timeout or DropReason.TooSlow
        or DropReason.ConnectFailed or DropReason.TlsFailed or DropReason.IncompleteBody or DropReason.DnsFailed;
}
