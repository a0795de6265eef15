using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LaionStream.Demo;

/// <summary>
/// A small hostile internet on 127.0.0.1: it serves pictures from a delegate and misbehaves on the paths of <see cref="LoopbackFaults"/>.
/// The demo shows it, and the tests use it.
/// </summary>
/// <remarks>
/// Faults that an HTTP server refuses to make (endless headers, silence after accept) are left to <see cref="RawFaults"/>, a plain socket on its own port.
/// </remarks>
internal sealed class LoopbackWorld : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private readonly Func<string, byte[]?> _pictures;
    private readonly TimeSpan _delay;
    private readonly WebApplication _app;
    private int _connections;

    // The bytes of an aborted answer must arrive: a reset would discard what the client has not read yet, and the outcome would depend on timing.
    static LoopbackWorld() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.FinOnError", true);

    private LoopbackWorld(Func<string, byte[]?> pictures, X509Certificate2? certificate, HttpProtocols protocols, TimeSpan delay)
    {
        _pictures = pictures;
        _delay = delay;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (certificate is not null) { builder.WebHost.UseKestrelHttpsConfiguration(); }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null; // slow answers are intended
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (certificate is not null) { listen.UseHttps(certificate); }
                listen.Use(next => connection =>
                {
                    Interlocked.Increment(ref _connections);
                    return next(connection);
                });
            });
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The server's address, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The server's address as an endpoint.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, BaseAddress.Port);

    /// <summary>Requests answered or refused so far, by path.</summary>
    public IReadOnlyDictionary<string, int> RequestCounts => _requests;

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Starts the server on a free port of 127.0.0.1.</summary>
    /// <param name="pictures">The bytes for a path (with its slash), or null for 404. Called from many threads.</param>
    /// <param name="certificate">Certificate for TLS; null for plain HTTP.</param>
    /// <param name="protocols">HTTP versions supported.</param>
    /// <param name="delay">Delay of each picture's answer, to simulate a distant server.</param>
    public static async Task<LoopbackWorld> StartAsync(
        Func<string, byte[]?> pictures, X509Certificate2? certificate = null, HttpProtocols protocols = HttpProtocols.Http1AndHttp2, TimeSpan delay = default)
    {
        // Without TLS there is no negotiation, and Kestrel warns about it: plain means HTTP/1.1.
        var world = new LoopbackWorld(pictures, certificate, certificate is null
            && protocols == HttpProtocols.Http1AndHttp2 ? HttpProtocols.Http1 : protocols, delay);
        try
        {
            await world._app.StartAsync();
            world.BaseAddress = new Uri(world._app.Urls.First());
            return world;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Number of requests for one path.</summary>
    public int Requests(string path) => _requests.GetValueOrDefault(path);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)); // stalled answers do not end by themselves
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        _requests.AddOrUpdate(path, 1, static (_, count) => count + 1);
        try
        {
            if (path.StartsWith(LoopbackFaults.Prefix, StringComparison.Ordinal))
            {
                await LoopbackFaults.AnswerAsync(context, path[LoopbackFaults.Prefix.Length..], _requests[path]);
                return;
            }

            await ServeAsync(context, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort(); // the client gave up on a slow answer, as expected
        }
    }

    private async Task ServeAsync(HttpContext context, string path)
    {
        if (_pictures(path) is not { } bytes)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (_delay > TimeSpan.Zero) { await Task.Delay(_delay, context.RequestAborted); }
        context.Response.ContentType = PictureType.Of(bytes);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
