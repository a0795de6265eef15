using System.Net.Sockets;
using System.Security.Authentication;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Decides what an exception of the HTTP handler means for the row.</summary>
internal static class FailureRules
{
    /// <summary>The reason for a failure before the response's headers were complete.</summary>
    /// <remarks>
    /// A connection that breaks or sends garbage before any answer counts as a failed connection (<c>connect_failed</c>): there was no body that could be
    /// incomplete. When an answer's header cannot be read, the end of its body is unknown (<c>incomplete_body</c>).
    /// </remarks>
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
                case UnreadableAnswerException answer:
                    return answer.Reason;
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return DropReason.TooLarge; // the headers exceed the limit
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } when !HasEnded(cause):
                    return DropReason.IncompleteBody;
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return DropReason.DnsFailed;
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException:
                    return DropReason.TlsFailed;
                case SocketException:
                    return DropReason.ConnectFailed;
            }
        }

        // The handler's connect timeout covers TCP and TLS: TCP is connected, so TLS timed out.
        return failure is OperationCanceledException && isConnected ? DropReason.TlsFailed : DropReason.ConnectFailed;
    }

    /// <summary>
    /// Whether the host did not cause a failure before the headers: no handle was available, or we had closed the idle connection that was to carry the
    /// request.
    /// </summary>
    /// <param name="failure">As thrown by the handler.</param>
    public static bool IsLocal(Exception failure) => IsClosedByUs(failure) || HandleShortage.IsShortage(failure);

    /// <summary>Whether the connection was closed on this side.</summary>
    /// <param name="failure">As thrown by the handler.</param>
    public static bool IsClosedByUs(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            // A read that was in progress when we closed its socket ends like this.
            if (cause is IdleClosedException or SocketException { SocketErrorCode: SocketError.OperationAborted }) { return true; }
        }

        return false;
    }

    /// <summary>
    /// Whether a connection that may be shared with other requests (HTTP/2) failed during this one. A single answer with too large headers, or a GOAWAY, ends
    /// all requests of the connection, and the handler does not report which answer it was.
    /// </summary>
    /// <param name="failure">As thrown by the handler, before the headers were complete.</param>
    /// <param name="reason">The reason according to <see cref="BeforeHeaders"/>.</param>
    public static bool MayBeSharedConnection(Exception failure, DropReason reason)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is DialException) { return false; } // this request's own connection was never opened
        }

        return reason is DropReason.TooLarge or DropReason.ConnectFailed or DropReason.IncompleteBody;
    }

    /// <summary>The reason for a failure while a body was read.</summary>
    /// <param name="failure">As thrown while the body was read.</param>
    public static DropReason InBody(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is UnreadableAnswerException answer) { return answer.Reason; }
        }

        return DropReason.IncompleteBody;
    }

    /// <summary>Whether the handler refused the framing or the trailer of a body.</summary>
    /// <param name="failure">As thrown while the body was read.</param>
    public static bool IsInvalidResponse(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse };

    /// <summary>Whether the host answered, although its answer cannot be read: it is then not down.</summary>
    /// <param name="failure">As thrown by the handler, before the headers were complete.</param>
    public static bool IsAnswer(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case UnreadableAnswerException or HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } when !HasEnded(cause):
                    return true;
            }
        }

        return false;
    }

    // The handler calls an HTTP/2 connection that ends before its first whole frame an invalid response too; only the cause says that nothing came.
    private static bool HasEnded(Exception failure)
    {
        for (Exception? cause = failure.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }) { return true; }
        }

        return false;
    }

    /// <summary>Whether the end of a request may be a sign of overload: it broke, got no answer in time, or was answered with 429 or 503.</summary>
    /// <param name="reason">Why it failed; <see cref="DropReason.None"/> if it did not.</param>
    /// <param name="status">The HTTP status; 0 if there was no answer.</param>
    public static bool IsTrouble(DropReason reason, int status) => status is 429 or 503 || reason is DropReason.Timeout or DropReason.TooSlow
        or DropReason.ConnectFailed or DropReason.TlsFailed or DropReason.IncompleteBody or DropReason.DnsFailed;
}
