using System.CommandLine;
using LaionStream.Explorer;
using LaionStream.Explorer.Settings;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Verbs.Serving;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>serve</c>: outputs to look at and to search, as a web service and a page.</summary>
internal static class ServeVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Output folders of runs, finished or not, and folders of embeddings by clip-retrieval or autofaiss.",
            Arity = ArgumentArity.OneOrMore,
        };
        var listen = new Option<string>("--listen")
        {
            Description = "Port, which only this machine reaches, or address:port (Laion:Explorer:Listen).",
            HelpName = "ADDRESS",
        };
        Option<string> models = VerbOptions.Models();
        Option<string> config = VerbOptions.Config();
        var command = new Command("serve", "Outputs to search and to look at: a page, an HTTP interface, and clip-retrieval's.") { folders, listen, models, config };
        command.SetAction(async (parsed, _) =>
        {
            string[] paths = ServedFolders.Find(parsed.GetRequiredValue(folders));
            Dictionary<string, string?> merged = VerbOptions.Merge(settings, null, paths[0], parsed.GetValue(models));
            if (parsed.GetValue(listen) is { } address) { merged["Laion:Explorer:Listen"] = address; }
            await using EngineHost host = EngineHost.Start(parsed.GetValue(config), merged, logsBesideOutput: false);
            return await ServeAsync(host, paths, Console.Out, Console.Error);
        });
        return command;
    }

    /// <summary>Serves folders until the process is told to stop.</summary>
    /// <param name="host">Settings and signals.</param>
    /// <param name="folders">Outputs, or folders of embeddings.</param>
    /// <param name="result">Receives the address.</param>
    /// <param name="error">Receives why they cannot be served.</param>
    public static async Task<int> ServeAsync(EngineHost host, IReadOnlyList<string> folders, TextWriter result, TextWriter error)
    {
        try
        {
            ExplorerOptions options = host.Services.GetRequiredService<IOptions<ExplorerOptions>>().Value;
            using ServedAbilities abilities = ServedAbilities.Load(host.Services, folders, options.Fetch);
            await using ExplorerServer server = await ExplorerServer.StartAsync(
                folders, options, abilities.All, host.Services.GetRequiredService<ILoggerFactory>(), host.Services.GetRequiredService<TimeProvider>(), host.Signals.Stop);
            await result.WriteLineAsync($"{server.Address} serves {string.Join(", ", folders)}; Ctrl-C ends it.");
            await Task.Delay(Timeout.InfiniteTimeSpan, host.Signals.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (host.Signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (ModelException e)
        {
            throw new UsageException([$"{e.Key}: {e.Message}"]);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
    }
}
