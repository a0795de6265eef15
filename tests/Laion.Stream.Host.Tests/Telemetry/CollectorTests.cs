using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LaionStream.Host.Tests.Process;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LaionStream.Host.Tests.Telemetry;

/// <summary>
/// Metrics that are sent to a collector: they arrive whatever the protocol, a short run's too, and a collector that does not answer costs a second.
/// </summary>
public sealed class CollectorTests
{
    [Theory]
    [InlineData("http", "/v1/metrics")]
    [InlineData("grpc", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    public async Task Run_ShorterThanTheInterval_SendsItsMetricsBeforeItEnds(string protocol, string path)
    {
        var received = new ConcurrentQueue<(string Path, string Body)>();
        await using WebApplication collector = await StartAsync(protocol, received);

        (int code, string error, _) = await RunAsync(collector.Urls.First(), protocol);

        Assert.True(code == 0, error);
        Assert.All(received, post => Assert.Equal(path, post.Path));
        string all = string.Concat(received.Select(post => post.Body));
        foreach (string name in (string[])["laion.stage.rows", "laion.download.duration", "laion.output.rows", "laion.gpu.busy", "laion-stream"])
        {
            Assert.Contains(name, all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_CollectorThatNeverAnswers_EndsInTimeAndSaysSo()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // connects by its backlog, and never reads
        silent.Start();

        (int code, string error, TimeSpan afterLastCommit) = await RunAsync($"http://{silent.LocalEndpoint}/", "http", "--Laion:Metrics:OtlpInterval=00:00:01");

        Assert.Equal(0, code);
        Assert.Contains("could not be sent to http://127.0.0.1", error, StringComparison.Ordinal);
        Assert.InRange(afterLastCommit, TimeSpan.Zero, TimeSpan.FromSeconds(20)); // three waits of a second, on a machine that may be busy
    }

    private static async Task<(int Code, string Error, TimeSpan AfterLastCommit)> RunAsync(string collector, string protocol, params string[] more)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("laion-otlp-");
        string output = Path.Combine(folder.FullName, "out");
        using HostProcess run = HostProcess.Start(["demo", "--output", output, $"--Laion:Metrics:Otlp={collector}", $"--Laion:Metrics:OtlpProtocol={protocol}",
            .. more]);
        (int code, _, string error) = await run.EndAsync();
        TimeSpan after = TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(Path.Combine(output, "state", "done.jsonl"));
        folder.Delete(recursive: true);
        return (code, error, after);
    }

    private static async Task<WebApplication> StartAsync(string protocol, ConcurrentQueue<(string Path, string Body)> received)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocol == "grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1));
        WebApplication app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue((context.Request.Path.Value!, Encoding.Latin1.GetString(body.ToArray())));
            if (protocol != "grpc") { return; }
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(new byte[5]);
        });
        await app.StartAsync();
        return app;
    }
}
