using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using LaionStream.Explorer.Settings;
using Microsoft.AspNetCore.Http;

namespace LaionStream.Explorer.Http;

/// <summary>Decides which requests are answered: by host name, key, and rate per key or address; and how long each may take.</summary>
internal sealed class RequestGuard : IDisposable
{
    private readonly ExplorerOptions _options;
    private readonly ApiKeys _keys;
    private readonly TimeProvider _clock;
    private readonly HashSet<string> _hosts;
    private readonly PartitionedRateLimiter<string> _rates;

    /// <summary>Prepares the limits.</summary>
    public RequestGuard(ExplorerOptions options, ApiKeys keys, TimeProvider clock)
    {
        (_options, _keys, _clock) = (options, keys, clock);
        _hosts = new HashSet<string>(options.Hosts, StringComparer.OrdinalIgnoreCase);
        _rates = PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.GetTokenBucketLimiter(who, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Burst,
            TokensPerPeriod = options.RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
    }

    /// <summary>Lets a request pass, or throws.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">The rest of the pipeline.</param>
    /// <exception cref="ApiException">It is refused.</exception>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.Apply(context);
        if (HttpMethods.IsHead(context.Request.Method)) { context.Request.Method = HttpMethods.Get; } // the server knows it as HEAD, and leaves the body out
        if (!IsOurHost(context))
        {
            throw new ApiException(StatusCodes.Status421MisdirectedRequest,
                "This service does not answer under that host name; Explorer:Hosts lists those it does.");
        }

        if (HttpMethods.IsOptions(context.Request.Method) && SecurityHeaders.IsShared(context))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        if (IsFree(context.Request.Path))
        {
            await next(context);
            return;
        }

        int key = _keys.AreAsked ? _keys.Find(context.Request) : 0;
        string who = _keys.AreAsked && key >= 0 ? key.ToString(CultureInfo.InvariantCulture) : AddressOf(context.Connection.RemoteIpAddress);
        using RateLimitLease rate = _rates.AttemptAcquire(who);
        if (!rate.IsAcquired) { throw new ApiException(StatusCodes.Status429TooManyRequests, "Too many requests; wait a moment."); }
        if (key < 0) { throw new ApiException(StatusCodes.Status401Unauthorized, "A key is needed: send it as X-API-Key."); }
        await AnswerInTimeAsync(context, next);
    }

    /// <inheritdoc/>
    public void Dispose() => _rates.Dispose();

    /// <summary>
    /// What is answered without a key, rate or place: the page's files and the sign of life. Whatever is not named here is asked for a key, however it is
    /// spelt: routing does not mind case or a slash at the end.
    /// </summary>
    private static bool IsFree(PathString path) => path.Value is "/" or "/healthz" || path.StartsWithSegments("/app", StringComparison.Ordinal);

    // An IPv6 customer has a /64 and could take a new address for each request.
    private static string AddressOf(IPAddress? address)
    {
        if (address is null) { return "?"; }
        if (address.IsIPv4MappedToIPv6) { address = address.MapToIPv4(); }
        byte[] bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
    }

    private async Task AnswerInTimeAsync(HttpContext context, RequestDelegate next)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using ITimer timer =
            _clock.CreateTimer(static state => ((CancellationTokenSource)state!)
            .Cancel(), deadline, _options.Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        context.Features.Set(new RequestDeadline(deadline.Token));
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using RequestBody body = await RequestBody.ReadAsync(context.Request, _options.MaxBodyBytes, deadline.Token);
            context.Features.Set(body);
            context.Request.ContentType = "application/json"; // whatever the sender called it: routing would refuse other types
            await next(context);
            return;
        }

        await next(context);
    }

    /// <summary>
    /// A page of another site can make its own name point to this machine and would then read what only this machine may: without a key the name must be one of
    /// ours.
    /// </summary>
    private bool IsOurHost(HttpContext context)
    {
        string host = context.Request.Host.Host.Trim('[', ']');
        if (_hosts.Count > 0) { return _hosts.Contains(host) || context.Request.Path == "/healthz"; }
        return _keys.AreAsked
            || context.Connection.LocalIpAddress is not { } local
            || !IPAddress.IsLoopback(local)
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
    }
}
