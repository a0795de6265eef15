using System.CommandLine;
using System.Net;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;

namespace LaionStream.Host.Verbs;

/// <summary><c>health</c>: asks a run on this machine whether it answers, for health checks in containers without a shell.</summary>
internal static class HealthVerb
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var ready = new Option<bool>("--ready") { Description = "Whether it reads its inputs (/readyz), and not only whether it answers (/healthz)." };
        Option<string> config = VerbOptions.Config();
        var command = new Command("health", "Asks the run whose metrics listen here (Laion:Metrics:Listen) whether it is well; exit code 0 when it is.") { ready, config };
        command.SetAction((parsed, abort) => AskAsync(
            LaionConfiguration.Find(parsed.GetValue(config), settings).Read()["Laion:Metrics:Listen"], parsed.GetValue(ready) ? "readyz" : "healthz", abort));
        return command;
    }

    private static async Task<int> AskAsync(string? listen, string path, CancellationToken abort)
    {
        if (listen is not { Length: > 0 } || !MetricsOptionsRules.TryEndPoint(listen, out IPEndPoint endPoint) || endPoint.Port == 0)
        {
            throw new UsageException(["Laion:Metrics:Listen: a port is wanted at which the run can be asked."]);
        }

        IPAddress address = endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : endPoint.Address;
        using var http = new HttpClient { Timeout = Limit };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{new IPEndPoint(address, endPoint.Port)}/{path}"), abort);
            await Console.Out.WriteLineAsync(FormattableString.Invariant($"{path}: {(int)answer.StatusCode}"));
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !abort.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{path}: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
