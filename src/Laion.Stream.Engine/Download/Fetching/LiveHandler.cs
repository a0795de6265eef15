using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// The network's HTTP handler. A handler's settings are fixed, so a changed connect timeout needs a new one; the old one completes the requests that it has
/// begun.
/// </summary>
/// <param name="live">The live options.</param>
/// <param name="dialer">Opens all connections.</param>
/// <param name="flawed">Origins whose responses need repair.</param>
internal sealed class LiveHandler(Func<DownloadOptions> live, SocketDialer dialer, FlawedOrigins flawed) : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly List<HttpMessageInvoker> _all = [];
    private volatile Made? _current;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Current(live()).SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            foreach (HttpMessageInvoker one in _all) { one.Dispose(); }
            _all.Clear();
        }

        base.Dispose(disposing);
    }

    private HttpMessageInvoker Current(DownloadOptions options)
    {
        if (_current is { } known && known.Timeout == options.ConnectTimeout) { return known.Invoker; }
        lock (_gate)
        {
            if (_current is { } made && made.Timeout == options.ConnectTimeout) { return made.Invoker; }
            var invoker = new HttpMessageInvoker(HandlerFactory.Make(options, dialer, flawed));
            _all.Add(invoker);
            _current = new Made(invoker, options.ConnectTimeout);
            return invoker;
        }
    }

    private sealed record Made(HttpMessageInvoker Invoker, TimeSpan Timeout);
}
