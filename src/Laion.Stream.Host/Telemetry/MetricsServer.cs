using System.Net;
using System.Net.Sockets;
using LaionStream.Engine.Run;
using OpenTelemetry.Metrics;

namespace LaionStream.Host.Telemetry;

/// <summary>
/// Answers <c>/metrics</c>, <c>/healthz</c> (200 as long as the process answers at all) and <c>/readyz</c> (200 while a run reads its inputs, 503 before and
/// after).
/// </summary>
internal sealed class MetricsServer
{
    private readonly WebApplication _app;
    private readonly RunReadiness _readiness;
    private readonly Task _started;

    /// <summary>Starts on a socket that listens already; connections that come before it is up wait in its backlog.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="provider">Has the metrics.</param>
    /// <param name="readiness">The run's.</param>
    /// <param name="log">Tells the address.</param>
    public MetricsServer(Socket socket, MeterProvider provider, RunReadiness readiness, ILogger log)
    {
        _readiness = readiness;
        var endPoint = (IPEndPoint)socket.LocalEndPoint!;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(transport => transport.CreateBoundListenSocket = _ => socket);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Listen(endPoint);
        });
        _app = builder.Build();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(provider, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        _app.Run(AnswerAsync);
        TelemetryLog.Listens(log, endPoint);
        if (!IPAddress.IsLoopback(endPoint.Address)) { TelemetryLog.Open(log, endPoint); }
        _started = StartAsync(log);
    }

    /// <summary>Stops; requests in progress are cut off after a while.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await _started;
        using var cut = new CancellationTokenSource(patience, TimeProvider.System);
        await _app.StopAsync(cut.Token);
        await _app.DisposeAsync();
    }

    private async Task StartAsync(ILogger log)
    {
        try
        {
            await _app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            TelemetryLog.NotServed(log, e.Message, e); // a run of weeks is worth more than its metrics
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        (int status, string text) = context.Request.Path.Value switch
        {
            "/healthz" => (StatusCodes.Status200OK, "ok"),
            "/readyz" when _readiness.IsReady => (StatusCodes.Status200OK, "ready"),
            "/readyz" => (StatusCodes.Status503ServiceUnavailable, "no run reads its inputs"),
            _ => (StatusCodes.Status404NotFound, "see /metrics, /healthz, /readyz"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n");
    }
}
