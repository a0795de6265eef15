using System.Net;
using System.Net.Sockets;
using LaionStream.Engine.Run;
using LaionStream.Host.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace LaionStream.Host.Telemetry;

/// <summary>
/// Shows the meter <c>Laion.Stream</c> to the outside, as the settings ask: at <c>/metrics</c> for Prometheus, and by OTLP to a collector. Nothing of it is
/// loaded while both are off, and neither ever delays the end of a run by more than <see cref="Patience"/>.
/// </summary>
internal sealed class MetricsExport : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly MeterProvider _provider;
    private readonly MetricReader? _otlp;
    private readonly MetricsServer? _server;
    private readonly RunReadiness _readiness;

    private MetricsExport(MetricsOptions options, Socket? socket, RunReadiness readiness, ILogger log)
    {
        _readiness = readiness;
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("laion-stream", serviceVersion: BuildInfo.Version,
                autoGenerateServiceInstanceId: false, serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}"))
            .AddMeter("Laion.Stream", "System.Runtime");
        if (socket is not null) { builder.AddPrometheusExporter(); }
        if (options.Otlp is { Length: > 0 })
        {
            _otlp = Collector(options, log);
            builder.AddReader(_otlp);
        }

        _provider = builder.Build();
        _server = socket is null ? null : new MetricsServer(socket, _provider, readiness, log);
        _readiness.Ending += SendLast;
    }

    /// <summary>Whether the settings ask for any of it.</summary>
    public static bool IsAsked(MetricsOptions options) => options.Listen is { Length: > 0 } || options.Otlp is { Length: > 0 };

    /// <summary>Opens the socket, if one is asked for.</summary>
    /// <exception cref="UsageException">It cannot be opened.</exception>
    public static Socket? Listen(MetricsOptions options) =>
        options.Listen is { Length: > 0 } listen && MetricsOptionsRules.TryEndPoint(listen, out IPEndPoint endPoint) ? MetricsSocket.Listen(endPoint) : null;

    /// <summary>Starts. Returns at once; the server answers as soon as it is up.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="socket">The result of <see cref="Listen"/>.</param>
    /// <param name="readiness">The run's.</param>
    /// <param name="log">Tells where the metrics are.</param>
    public static MetricsExport Start(MetricsOptions options, Socket? socket, RunReadiness readiness, ILogger<MetricsExport> log) =>
        new(options, socket, readiness, log);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _readiness.Ending -= SendLast;
        if (_server is not null) { await _server.StopAsync(Patience); }

        // Shutting down sends once more, to a collector that may not answer: what is left of it ends with the process.
        await Task.WhenAny(Task.Run(() => _provider.Shutdown((int)Patience.TotalMilliseconds)), Task.Delay(Patience, TimeProvider.System));
    }

    private static PeriodicExportingMetricReader Collector(MetricsOptions options, ILogger log)
    {
        var address = new Uri(options.Otlp!);
        bool isHttp = options.OtlpProtocol == Configuration.OtlpProtocol.Http;
        if (isHttp && address.AbsolutePath == "/") { address = new Uri(address, "/v1/metrics"); }
        var exporter = new CollectorExporter(
            new OtlpExporterOptions
            {
                Endpoint = address,
                Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
                TimeoutMilliseconds = (int)Patience.TotalMilliseconds * 5,
            },
            address,
            log);
        TelemetryLog.Sends(log, address, options.OtlpInterval);
        return new PeriodicExportingMetricReader(exporter, (int)options.OtlpInterval.TotalMilliseconds, (int)Patience.TotalMilliseconds * 5);
    }

    /// <summary>The last interval of a run, and all of a short one.</summary>
    private void SendLast() => _otlp?.Collect((int)Patience.TotalMilliseconds);
}
