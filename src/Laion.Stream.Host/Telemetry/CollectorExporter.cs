using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace LaionStream.Host.Telemetry;

/// <summary>Sends metrics to a collector, and logs when it cannot be reached and when it can again: the library is silent about both.</summary>
/// <param name="options">Where and how.</param>
/// <param name="address">Where, for the log.</param>
/// <param name="log">Receives the lines.</param>
internal sealed class CollectorExporter(OtlpExporterOptions options, Uri address, ILogger log) : OtlpMetricExporter(options)
{
    private bool _hasFailed; // exports never overlap

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        ExportResult result = base.Export(batch);
        bool failed = result == ExportResult.Failure;
        if (failed && !_hasFailed) { TelemetryLog.NotSent(log, address); }
        if (!failed && _hasFailed) { TelemetryLog.SentAgain(log, address); }
        _hasFailed = failed;
        return result;
    }
}
