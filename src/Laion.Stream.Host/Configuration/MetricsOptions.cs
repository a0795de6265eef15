using System.ComponentModel.DataAnnotations;

namespace LaionStream.Host.Configuration;

/// <summary>Where a run's metrics can be read or are sent; bound to <c>Laion:Metrics</c>.</summary>
public sealed class MetricsOptions
{
    /// <summary>
    /// Where Prometheus reads <c>/metrics</c>, and probes <c>/healthz</c> and <c>/readyz</c>: a port, which only this machine reaches, or address:port, such
    /// as 0.0.0.0:9464 for every machine. Port 0 takes any free one, which the log names.
    /// </summary>
    /// <value>Default none: nothing is listened on.</value>
    public string? Listen { get; set; }

    /// <summary>Address of an OpenTelemetry collector that metrics are sent to, such as http://collector:4317.</summary>
    /// <value>Default none.</value>
    public string? Otlp { get; set; }

    /// <summary>How they are sent: grpc (usually port 4317) or http (usually port 4318, path /v1/metrics).</summary>
    /// <value>Default grpc.</value>
    public OtlpProtocol OtlpProtocol { get; set; } = OtlpProtocol.Grpc;

    /// <summary>Time between two sendings to the collector.</summary>
    /// <value>Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan OtlpInterval { get; set; } = TimeSpan.FromSeconds(30);
}
