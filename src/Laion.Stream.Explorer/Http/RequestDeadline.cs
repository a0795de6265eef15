using Microsoft.AspNetCore.Http;

namespace LaionStream.Explorer.Http;

/// <summary>When a request has taken too long, or its sender has gone.</summary>
/// <param name="Token">Cancelled then.</param>
internal sealed record RequestDeadline(CancellationToken Token)
{
    /// <summary>The request's; its sender's alone where no time is set.</summary>
    public static CancellationToken Of(HttpContext context) => context.Features.Get<RequestDeadline>()?.Token ?? context.RequestAborted;
}
