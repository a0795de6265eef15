using LaionStream.Host.Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LaionStream.Engine.Tests.Download;

/// <summary>A real server on loopback with so many workers and a fixed time of service; who finds no worker free waits in line.</summary>
internal sealed class ShapedServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _workers;
    private readonly TimeSpan _service;
    private readonly WebApplication _app;

    private ShapedServer(int workers, TimeSpan service)
    {
        _workers = new SemaphoreSlim(workers);
        _service = service;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Url { get; private set; } = "";

    /// <summary>Breaks every connection instead of answering.</summary>
    public bool BreaksAll { get; set; }

    public static async Task<ShapedServer> StartAsync(int workers, TimeSpan service)
    {
        var server = new ShapedServer(workers, service);
        await server._app.StartAsync();
        server.Url = server._app.Urls.First() + "/picture.png";
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
        _workers.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        await _workers.WaitAsync(context.RequestAborted);
        try
        {
            await Task.Delay(_service, context.RequestAborted);
        }
        finally
        {
            _workers.Release();
        }

        if (BreaksAll)
        {
            context.Abort();
            return;
        }

        ReadOnlyMemory<byte> picture = LoopbackFaults.SoundPicture;
        context.Response.ContentLength = picture.Length;
        await context.Response.Body.WriteAsync(picture, context.RequestAborted);
    }
}
