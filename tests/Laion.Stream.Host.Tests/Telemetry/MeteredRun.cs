using System.Text.RegularExpressions;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Telemetry;

/// <summary>The demo as an operator runs it, with its metrics read from start to end: by the tests, and by a real Prometheus where there is one.</summary>
public sealed partial class MeteredRun : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-metered-");

    /// <summary>What <c>/metrics</c> showed.</summary>
    internal Scrapes Scrapes { get; } = new();

    /// <summary>The Prometheus that read it too; null where none is installed.</summary>
    internal PrometheusServer? Prometheus { get; private set; }

    /// <summary>When the run began.</summary>
    internal DateTimeOffset From { get; private set; }

    /// <summary>When it had ended.</summary>
    internal DateTimeOffset To { get; private set; }

    /// <summary>What <c>/readyz</c> answered, each answer once.</summary>
    internal HashSet<int> Ready { get; } = [];

    /// <summary>What <c>/healthz</c> answered, each answer once.</summary>
    internal HashSet<int> Health { get; } = [];

    /// <summary>The run's exit code.</summary>
    internal int Code { get; private set; }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Tool.Find("prometheus") is not null) { Prometheus = await PrometheusServer.StartAsync(); }
        From = TimeProvider.System.GetUtcNow();
        string output = Path.Combine(_folder.FullName, "out");

        // Small parts, so that some are committed while the run lasts; one thread, so that a session's processor time is known on every machine.
        using HostProcess run = HostProcess.Start("demo", "--output", output, "--Laion:Metrics:Listen=0", "--Laion:Writing:MaxRows=5",
            "--Laion:Inference:Threads=1");
        string? address = null;
        await run.UntilAsync(() => (address = AddressIn(output)) is not null);
        if (Prometheus is not null) { await Prometheus.WatchAsync(address!); }
        await ReadAsync(run, new Uri($"http://{address}/"));
        (Code, _, _) = await run.EndAsync();
        To = TimeProvider.System.GetUtcNow();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Prometheus is not null) { await Prometheus.DisposeAsync(); }
        _folder.Delete(recursive: true);
    }

    private async Task ReadAsync(HostProcess run, Uri address)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
        while (!run.HasExited)
        {
            try
            {
                Scrapes.Add(await http.GetStringAsync(new Uri("metrics", UriKind.Relative)));
                Ready.Add((int)(await http.GetAsync(new Uri("readyz", UriKind.Relative))).StatusCode);
                Health.Add((int)(await http.GetAsync(new Uri("healthz", UriKind.Relative))).StatusCode);
            }
            catch (HttpRequestException)
            {
                return; // the run has ended
            }

            await Task.Delay(200);
        }
    }

    /// <summary>The address that a run's log names; null while it does not.</summary>
    internal static string? AddressIn(string output)
    {
        string logs = Path.Combine(output, "logs");
        if (!Directory.Exists(logs)) { return null; }
        foreach (string path in Directory.EnumerateFiles(logs))
        {
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            if (Address().Match(file.ReadToEnd()) is { Success: true } found) { return found.Groups[1].Value; }
        }

        return null;
    }

    [GeneratedRegex("""EndPoint":"([^"]+:[0-9]+)".""")]
    private static partial Regex Address();
}
