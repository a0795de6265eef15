using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LaionStream.Models.Tests.Catalog.Pull;

/// <summary>A model hub on 127.0.0.1: it redirects large files to a store, as the real one does, and misbehaves as configured.</summary>
internal sealed class HubWorld : IAsyncDisposable
{
    private readonly WebApplication _app;

    // The bytes sent before an abort must arrive: a reset would discard them.
    static HubWorld() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.FinOnError", true);

    private HubWorld()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the hub sends its clients instead of its store; null for the store.</summary>
    public string? RedirectsTo { get; set; }

    /// <summary>The offsets of requested bodies, in order.</summary>
    public ConcurrentQueue<long> Ranges { get; } = new();

    /// <summary>Bytes after which a body is aborted; none: never.</summary>
    public int? CutAfter { get; set; }

    public int BusyAnswers { get; set; }

    public bool IgnoresRange { get; set; }

    public bool NamesNoDigest { get; set; }

    public bool SpoilsBodies { get; set; }

    public int? RefusesWith { get; set; }

    /// <summary>Bodies have no length and never end; with a pause they also send nothing after the first bytes.</summary>
    public bool Endless { get; set; }

    public bool Stalls { get; set; }

    /// <summary>Bodies come a byte at a time, ten in a second.</summary>
    public bool Drips { get; set; }

    public Uri Base => new(_app.Urls.First());

    public static async Task<HubWorld> StartAsync()
    {
        var world = new HubWorld();
        await world._app.StartAsync();
        return world;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        string path = context.Request.Path.Value!;
        if (BusyAnswers > 0)
        {
            BusyAnswers--;
            response.StatusCode = 503;
            return;
        }

        if (RefusesWith is { } status || !Files.TryGetValue(path.Replace("/store/", "/", StringComparison.Ordinal), out byte[]? file))
        {
            response.StatusCode = RefusesWith ?? 404;
            return;
        }

        if (!path.StartsWith("/store/", StringComparison.Ordinal))
        {
            if (!NamesNoDigest)
            {
                response.Headers["X-Linked-Etag"] = $"\"{Convert.ToHexStringLower(SHA256.HashData(file))}\"";
                response.Headers["X-Linked-Size"] = file.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            response.StatusCode = 302;
            response.Headers.Location = RedirectsTo ?? "/store" + path;
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method)) { return; }

        long from = IgnoresRange ? 0 : context.Request.GetTypedHeaders().Range?.Ranges.First().From ?? 0;
        Ranges.Enqueue(from);
        if (from >= file.Length)
        {
            response.StatusCode = 416;
            response.Headers.ContentRange = $"bytes */{file.Length}";
            return;
        }

        if (Endless || Stalls)
        {
            do { await response.Body.WriteAsync(file.AsMemory(0, 1 << 16), context.RequestAborted); }
            while (Endless && !context.RequestAborted.IsCancellationRequested);

            await response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        for (int at = (int)from; Drips && !context.RequestAborted.IsCancellationRequested; at++)
        {
            if (at == from && from > 0) { (response.StatusCode, response.Headers.ContentRange) = (206, $"bytes {from}-{file.Length - 1}/{file.Length}"); }
            await response.Body.WriteAsync(file.AsMemory(at, 1), context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(100, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        response.StatusCode = from > 0 ? 206 : 200;
        if (from > 0) { response.Headers.ContentRange = $"bytes {from}-{file.Length - 1}/{file.Length}"; }

        byte[] rest = file[(int)from..];
        if (SpoilsBodies) { rest[0] ^= 1; }

        response.ContentLength = rest.Length;
        await response.Body.WriteAsync(rest.AsMemory(0, Math.Min(rest.Length, CutAfter ?? rest.Length)), context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
        if (CutAfter < rest.Length) { context.Abort(); }
    }
}
