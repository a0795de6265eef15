using System.CommandLine;
using System.Globalization;
using LaionStream.Demo;
using LaionStream.Engine.Run;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;
using LaionStream.Search.Index;
using LaionStream.Search.Mapping;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>demo</c>: the whole pipeline without any configuration, on a small hostile web of its own.</summary>
internal static class DemoVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var output = new Option<string>("--output")
        {
            Description = "Folder to write; it is emptied of an earlier demo first.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "demo-output",
        };
        var serve = new Option<bool>("--serve") { Description = "Keep the pictures and their vectors too, and then open the result for searching, until Ctrl-C (Laion:Explorer)." };
        var command = new Command("demo",
            "The whole pipeline with nothing configured: a loopback web server that also misbehaves, a WAT of its pages, and the bundled small CLIP.") { output, serve };
        var plain = new PlainOption();
        plain.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(
            Path.GetFullPath(parsed.GetRequiredValue(output)), parsed.GetValue(serve), settings, LiveTerminal.Find(plain.IsAsked(parsed))));
        return command;
    }

    private static async Task<int> RunAsync(string folder, bool serves, IReadOnlyDictionary<string, string?> settings, LiveTerminal? terminal)
    {
        string[] refused = [.. StartCheck.OutputErrors(folder, mustExist: false)];
        if (refused.Length > 0) { throw new UsageException(refused); }

        await using DemoWorld world = await StartAsync(folder);
        Dictionary<string, string?> merged = world.Settings();
        if (serves) { AddServed(merged); }
        foreach ((string key, string? value) in settings) { merged[key] = value; }
        await using EngineHost host = EngineHost.Start(config: null, merged, logsBesideOutput: true, needs: StartNeeds.Output, terminal: terminal);
        int exit = await Outcome.OfAsync(() => host.ShowAsync("demo", () => host.Services.GetRequiredService<DatasetRun>()
            .ExecuteAsync("demo", host.Signals.Stop, host.Signals.Abort)), host.OutputFolder, Console.Out, Console.Error, host.Signals.Abort);
        await Console.Out.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"""

            Where to look:
              {folder}/en, multi, nolang   the rows, in Parquet: laion-stream inspect {folder} --rows 3
              {folder}/summary.json        the funnel above, for programs
              {folder}/report.html         the same for people: open it in a browser
              {folder}/logs                what happened, as JSON lines

            """));
        if (!serves || exit != ExitCode.Done) { return exit; }

        MakeMaps(host, folder);
        return await ServeVerb.ServeAsync(host, [folder], Console.Out, Console.Error);
    }

    /// <summary>As <c>index --map</c> does; an index itself pays from 100,000 vectors on.</summary>
    private static void MakeMaps(EngineHost host, string folder)
    {
        var builder = new MapBuilder(folder, host.Services.GetRequiredService<IOptions<IndexOptions>>().Value);
        try
        {
            foreach (VectorKind kind in IndexBuilder.KindsOf(folder)) { builder.Build(kind, host.Signals.Stop); }
        }
        catch (Exception e) when (e is NoVectorsException or OperationCanceledException)
        {
            return; // told to write no vectors, or to stop: the page then says that there is no map
        }
    }

    /// <summary>
    /// What there is to look at: pictures, vectors of both kinds, and dropped rows. Nothing is fetched for it: the run may reach this machine's addresses, a
    /// stranger's search must not.
    /// </summary>
    private static void AddServed(Dictionary<string, string?> settings)
    {
        settings["Laion:Writing:Images"] = "resized";
        settings["Laion:Writing:Embeddings"] = "both";
        settings["Laion:Writing:Drops"] = "true";
        settings["Laion:Explorer:Fetch"] = "false";
    }

    private static async Task<DemoWorld> StartAsync(string folder)
    {
        try
        {
            return await DemoWorld.StartAsync(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException([$"--output: {e.Message}"]);
        }
    }
}
