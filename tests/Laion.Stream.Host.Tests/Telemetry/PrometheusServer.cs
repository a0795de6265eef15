using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LaionStream.Host.Tests.Telemetry;

/// <summary>A real Prometheus on this machine that evaluates our alert rules, scraping once a second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-prometheus-");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private System.Diagnostics.Process? _process;

    private PrometheusServer()
    {
    }

    /// <summary>Starts one, and waits until it answers.</summary>
    public static async Task<PrometheusServer> StartAsync()
    {
        var server = new PrometheusServer();
        try
        {
            await File.WriteAllTextAsync(server.At("prometheus.yml"), $"""
                global: {"{"} scrape_interval: 1s, evaluation_interval: 1s {"}"}
                rule_files: ["{Tool.Ops("prometheus", "laion-stream.rules.yml")}"]
                scrape_configs:
                  - job_name: laion-stream
                    file_sd_configs: [{"{"} files: ["{server.At("targets.json")}"], refresh_interval: 1s {"}"}]

                """);
            for (int attempt = 1; !await server.TryStartAsync(); attempt++)
            {
                if (attempt == 3) { throw new InvalidOperationException("prometheus does not start"); }
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Scrapes an address from now on.</summary>
    public async Task WatchAsync(string target)
    {
        await File.WriteAllTextAsync(At("targets.json.tmp"), $$"""[{"targets":["{{target}}"]}]""");
        File.Move(At("targets.json.tmp"), At("targets.json"), overwrite: true);
    }

    /// <summary>Series that a query gave at any second of a time; fails when Prometheus refuses it.</summary>
    public async Task<int> QueryAsync(string query, DateTimeOffset from, DateTimeOffset to)
    {
        var form = new Dictionary<string, string> { ["query"] = query, ["start"] = Seconds(from), ["end"] = Seconds(to), ["step"] = "1" };
        using HttpResponseMessage response = await _http.PostAsync(new Uri("api/v1/query_range", UriKind.Relative), new FormUrlEncodedContent(form));
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>();
        Assert.True((string?)answer!["status"] == "success", $"{query}: {answer.ToJsonString()}");
        return answer["data"]!["result"]!.AsArray().Count;
    }

    /// <summary>The health of every rule, by name.</summary>
    public async Task<Dictionary<string, string>> RulesAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonNode>(new Uri("api/v1/rules", UriKind.Relative));
        return answer!["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())
            .ToDictionary(rule => (string)rule!["name"]!, rule => $"{rule!["health"]} {rule["lastError"]}".Trim());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> TryStartAsync()
    {
        int port = FreePort();
        var start = new ProcessStartInfo("prometheus",
            [$"--config.file={At("prometheus.yml")}", $"--storage.tsdb.path={At("data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = System.Diagnostics.Process.Start(start)!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}/");
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(1) && !_process.HasExited; await Task.Delay(100))
        {
            try
            {
                if ((await _http.GetAsync(new Uri("-/ready", UriKind.Relative))).IsSuccessStatusCode) { return true; }
            }
            catch (Exception e) when (e is HttpRequestException or JsonException)
            {
                continue; // not up yet
            }
        }

        await StopAsync();
        return false;
    }

    private async Task StopAsync()
    {
        if (_process is null) { return; }
        if (!_process.HasExited) { _process.Kill(); }
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static string Seconds(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
