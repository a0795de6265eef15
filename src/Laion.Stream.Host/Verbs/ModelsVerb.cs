using System.CommandLine;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Scoring;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>models</c>: lists and checks the models folder, and fills it.</summary>
internal static class ModelsVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings) =>
        new("models", "What is in the models folder, whether it works, and how to fill it.")
    {
        Verb("list", "The model files that a run would use, with their sha256 and the columns they fill.", settings, ListAsync),
        Verb("check", "Runs every model on a probe: files, tensors, provider, self-test.", settings, CheckAsync),
        ModelsPull.Command(settings),
    };

    private static Command Verb(string name, string description, IReadOnlyDictionary<string, string?> settings,
        Func<ModelSet, TextWriter, CancellationToken, Task<bool>> run)
    {
        Option<string> models = VerbOptions.Models();
        Option<string> config = VerbOptions.Config();
        var command = new Command(name, description) { models, config };
        command.SetAction(async (parsed, abort) =>
        {
            Dictionary<string, string?> merged = VerbOptions.Merge(settings, null, null, parsed.GetValue(models));
            await using EngineHost host = EngineHost.Start(parsed.GetValue(config), merged, logsBesideOutput: false);
            try
            {
                using ModelSet set = Load(host.Services);
                return await run(set, Console.Out, abort) ? ExitCode.Done : ExitCode.Failed;
            }
            catch (ModelException e)
            {
                throw new UsageException([$"{e.Key}: {e.Message}"]);
            }
        });
        return command;
    }

    /// <summary>Loads the configured models.</summary>
    /// <exception cref="ModelException">None are configured, or they do not load.</exception>
    internal static ModelSet Load(IServiceProvider services)
    {
        ModelOptions models = services.GetRequiredService<IOptions<ModelOptions>>().Value;
        string folder = models.Path is { Length: > 0 } path
            ? path
            : throw new ModelException("Laion:Models:Path", "no models are named: give --models a folder.");
        return ModelSet.Load(
            folder,
            models,
            services.GetRequiredService<IOptions<InferenceOptions>>().Value,
            services.GetRequiredService<ILoggerFactory>(),
            RunModels.PromptsOf(services.GetRequiredService<IOptions<CandidateOptions>>().Value.Rules));
    }

    private static async Task<bool> ListAsync(ModelSet set, TextWriter result, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        foreach (ModelFile file in set.Files) { await result.WriteLineAsync($"{file.Role,-20} {file.Sha256} {file.Bytes,12} {file.Path}"); }
        foreach ((string column, string model) in set.Columns) { await result.WriteLineAsync($"column {column,-13} {model}"); }
        return true;
    }

    private static async Task<bool> CheckAsync(ModelSet set, TextWriter result, CancellationToken abort)
    {
        IReadOnlyList<ModelReport> reports = ModelCheck.Run(set, abort);
        await result.WriteLineAsync($"models run on {ProviderRules.Name(set.Provider.Provider)}: {set.Provider.Reason}");
        foreach (ModelReport report in reports)
        {
            await result.WriteLineAsync($"{(report.Passed ? "ok    " : "FAILED")} {report.File.Role}: {report.File.Path}");
            if (report.Inputs.Count > 0) { await result.WriteLineAsync($"       in  {string.Join("; ", report.Inputs)}"); }
            if (report.Outputs.Count > 0) { await result.WriteLineAsync($"       out {string.Join("; ", report.Outputs)}"); }
            if (report.Precision.Length > 0) { await result.WriteLineAsync($"       {report.Precision} on {report.Provider}"); }
            await result.WriteLineAsync($"       {report.SelfTest}");
        }

        return reports.All(report => report.Passed);
    }
}
