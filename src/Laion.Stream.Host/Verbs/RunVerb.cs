using System.CommandLine;
using LaionStream.Engine.Run;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;

namespace LaionStream.Host.Verbs;

/// <summary><c>run</c>: the whole pipeline, resumable.</summary>
internal static class RunVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        Option<string[]> input = VerbOptions.Input();
        Option<string> output = VerbOptions.Output();
        Option<bool> fresh = VerbOptions.FreshFolder();
        Option<string> models = VerbOptions.Models();
        Option<string> config = VerbOptions.Config();
        var command = new Command("run", "WAT, WARC or URL lists to a filtered dataset in Parquet. Running again with the same output resumes.") { input,
            output, fresh, models, config };
        var inputs = new InputVerbOptions();
        inputs.AddTo(command);
        var supervise = new SuperviseOption();
        supervise.AddTo(command);
        var plain = new PlainOption();
        plain.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            Dictionary<string, string?> merged = VerbOptions.Merge(settings, parsed.GetValue(input), parsed.GetValue(output), parsed.GetValue(models));
            inputs.PutInto(merged, parsed);
            await VerbOptions.TakeFreshFolderAsync(parsed.GetValue(fresh), parsed.GetValue(config), merged);
            if (supervise.IsAsked(parsed)) { return await supervise.RunAsync(parsed, parsed.GetValue(fresh) ? merged["Laion:Writing:Path"] : null); }

            await using EngineHost host =
                EngineHost.Start(parsed.GetValue(config), merged, logsBesideOutput: true, needs: StartNeeds.Inputs | StartNeeds.Output | StartNeeds.Models,
                    terminal: LiveTerminal.Find(plain.IsAsked(parsed)));
            return await Outcome.OfAsync(() => host.ShowAsync("run", () => host.Services.GetRequiredService<DatasetRun>()
                .ExecuteAsync("run", host.Signals.Stop, host.Signals.Abort)), host.OutputFolder, Console.Out, Console.Error, host.Signals.Abort);
        });
        return command;
    }
}
