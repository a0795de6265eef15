using System.CommandLine;
using LaionStream.Engine.Run;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;

namespace LaionStream.Host.Verbs;

/// <summary><c>extract</c>: candidates only, no download.</summary>
internal static class ExtractVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        Option<string[]> input = VerbOptions.Input();
        Option<string> output = VerbOptions.Output();
        Option<bool> fresh = VerbOptions.FreshFolder();
        Option<string> config = VerbOptions.Config();
        var command = new Command("extract", "WAT, WARC or URL lists to candidate Parquet only: URL, TEXT, LANGUAGE, LICENSE, hash; no download.") { input,
            output, fresh, config };
        var inputs = new InputVerbOptions();
        inputs.AddTo(command);
        var plain = new PlainOption();
        plain.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            Dictionary<string, string?> merged = VerbOptions.Merge(settings, parsed.GetValue(input), parsed.GetValue(output), models: null);
            inputs.PutInto(merged, parsed);
            await VerbOptions.TakeFreshFolderAsync(parsed.GetValue(fresh), parsed.GetValue(config), merged);
            await using EngineHost host =
                EngineHost.Start(parsed.GetValue(config), merged, logsBesideOutput: true, needs: StartNeeds.Inputs | StartNeeds.Output,
                    terminal: LiveTerminal.Find(plain.IsAsked(parsed)));
            return await Outcome.OfAsync(() => host.ShowAsync("extract", () => host.Services.GetRequiredService<ExtractRun>()
                .ExecuteAsync(host.Signals.Stop, host.Signals.Abort)), host.OutputFolder, Console.Out, Console.Error, host.Signals.Abort);
        });
        return command;
    }
}
