using System.CommandLine;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Run;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;

namespace LaionStream.Host.Verbs;

/// <summary><c>retry</c>: fetches again the rows dropped for retryable reasons, into the same output.</summary>
internal static class RetryVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var input = new Option<string[]>("--input")
        {
            Description = "Whole addresses of the output's inputs that have a user name or a query, which the output does not store.",
            HelpName = "URL",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> output = VerbOptions.Output();
        Option<string> models = VerbOptions.Models();
        Option<string> config = VerbOptions.Config();
        var reasons = new Option<string[]>("--reason")
        {
            Description = "Only these reasons; none named: every retryable one.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true
        };
        var age = new Option<TimeSpan>("--older-than") { Description = "Only drops at least this old (d.hh:mm:ss).", HelpName = "TIME" };
        var command = new Command("retry", "Fetches again only what failed for retryable reasons, from the ledger, into the same output.")
        {
            input, output, models, config, reasons, age,
        };
        var supervise = new SuperviseOption();
        supervise.AddTo(command);
        var plain = new PlainOption();
        plain.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            if (supervise.IsAsked(parsed)) { return await supervise.RunAsync(parsed, output: null); }

            Retry retry = new(Reasons(parsed.GetValue(reasons) ?? []), parsed.GetValue(age)) { Inputs = parsed.GetValue(input) ?? [] };
            Dictionary<string, string?> merged =
                VerbOptions.Merge(settings, parsed.GetValue(input), parsed.GetValue(output), parsed.GetValue(models));
            await using EngineHost host =
                EngineHost.Start(parsed.GetValue(config), merged, logsBesideOutput: true, needs: StartNeeds.EarlierOutput | StartNeeds.Models,
                    terminal: LiveTerminal.Find(plain.IsAsked(parsed)));
            return await Outcome.OfAsync(() => host.ShowAsync("retry", () => host.Services.GetRequiredService<DatasetRun>()
                .RetryAsync(retry, host.Signals.Stop, host.Signals.Abort)), host.OutputFolder, Console.Out, Console.Error, host.Signals.Abort);
        });
        return command;
    }

    private static HashSet<DropReason> Reasons(string[] names)
    {
        var found = new HashSet<DropReason>();
        foreach (string name in names)
        {
            if (!DropReasonNames.TryParse(name, out DropReason reason)) { throw new UsageException([$"--reason: '{name}' is not a drop reason."]); }
            if (!new DropOutcome(reason, 500).IsRetryable()) { throw new UsageException([$"--reason: another fetch does not help against {name}."]); }
            found.Add(reason);
        }

        return found;
    }
}
