using LaionStream.Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LaionStream.Engine.Tests.Download;

/// <summary>A real server on loopback of limited capacity.</summary>
internal sealed class ShapedServer : IAsyncDisposable
{
    private readonly ServerShape _shape;
    private readonly WebApplication _app;

    private ShapedServer(ServerShape shape)
    {
        _shape = shape;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public int Port { get; private set; }

    public static async Task<ShapedServer> StartAsync(ServerShape shape)
    {
        var server = new ShapedServer(shape);
        await server._app.StartAsync();
        server.Port = new Uri(server._app.Urls.First()).Port;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        CancellationToken abort = context.RequestAborted;
        int status = await _shape.HeadAsync(abort);
        if (status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        if (status != StatusCodes.Status200OK) { return; }
        ReadOnlyMemory<byte> picture = LoopbackFaults.SoundPicture;
        context.Response.ContentLength = picture.Length;
        await context.Response.Body.FlushAsync(abort);
        await _shape.BodyAsync(
            async (piece, of) =>
            {
                int start = picture.Length * piece / of;
                await context.Response.Body.WriteAsync(picture[start..(picture.Length * (piece + 1) / of)], abort);
            },
            abort);
    }
}
