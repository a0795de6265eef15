using System.CommandLine;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Handles;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Output;
using LaionStream.Engine.Run;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures;
using LaionStream.Text.Urls;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary><c>doctor</c>: checks what on this machine and in these settings would prevent a run from working, and says how to fix it.</summary>
internal static class DoctorVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        Option<string> output = VerbOptions.Output();
        Option<string> models = VerbOptions.Models();
        Option<string> config = VerbOptions.Config();
        var command = new Command("doctor",
            "Checks settings, GPU, models, limits, resolvers, clock and disk: one line each (ok, warn or fail) with advice. Exit code 1 when one fails.") { output, models, config };
        command.SetAction((parsed, abort) =>
        {
            Dictionary<string, string?> merged = VerbOptions.Merge(settings, null, parsed.GetValue(output), parsed.GetValue(models));
            return RunAsync(LaionConfiguration.Find(parsed.GetValue(config), merged), Console.Out, abort);
        });
        return command;
    }

    private static async Task<int> RunAsync(LaionConfiguration source, TextWriter result, CancellationToken abort)
    {
        IConfigurationRoot configuration = source.Read();
        bool failed = false;
        await foreach (Finding finding in LookAsync(source, configuration, abort))
        {
            failed |= finding.Level == FindingLevel.Fail;
            await result.WriteLineAsync(PublicText.Of(finding.ToString()));
        }

        return failed ? ExitCode.Failed : ExitCode.Done;
    }

    private static async IAsyncEnumerable<Finding> LookAsync(LaionConfiguration source, IConfigurationRoot configuration,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken abort)
    {
        foreach (Finding finding in Settings(source, configuration)) { yield return finding; }

        var download = Bound<DownloadOptions>(configuration, "Download");
        var input = Bound<InputOptions>(configuration, "Input");
        var inference = Bound<InferenceOptions>(configuration, "Inference");
        foreach (Finding finding in GpuCheckup.Look(inference.Provider)) { yield return finding; }
        foreach (Finding finding in ModelCheckup.Look(Bound<ModelOptions>(configuration, "Models"), inference, !Bound<FilterOptions>(configuration, "Filtering")
            .Off, abort))
        {
            yield return finding;
        }

        yield return DecoderCheckup.Look(Bound<ImagingOptions>(configuration, "Imaging").Decoder, static () => VipsLibrary.Loads);
        yield return MachineCheckup.Handles(HandleLimit.Most(), download, RunFiles.Parallel(input));
        foreach (Finding finding in await NetworkCheckup.LookAsync(download.Dns, new Uri(input.BaseUrl).Host, abort)) { yield return finding; }

        yield return MachineCheckup.Clock(TimeProvider.System.GetUtcNow(), File.GetLastWriteTimeUtc(ThisProgram.File));
        foreach (Finding finding in DiskCheckup.Look(Bound<WritingOptions>(configuration, "Writing").Path)) { yield return finding; }
    }

    private static IEnumerable<Finding> Settings(LaionConfiguration source, IConfigurationRoot configuration)
    {
        string[] errors = [.. source.KeysOutside(), .. SettingsRules.Errors(configuration)];
        if (errors.Length == 0) { yield return new Finding(FindingLevel.Ok, "settings", source.File ?? "no settings file: the defaults apply"); }
        foreach (string error in errors) { yield return new Finding(FindingLevel.Fail, "settings", error); }
        foreach (string variable in StrangeVariables.Find(Environment.GetEnvironmentVariables()))
        {
            yield return new Finding(FindingLevel.Warn, "settings", variable);
        }
    }

    // Invalid settings have their own line; the other checks use the defaults for them.
    private static T Bound<T>(IConfigurationRoot configuration, string section)
        where T : class, new()
    {
        try
        {
            return configuration.GetSection("Laion:" + section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException)
        {
            return new T();
        }
    }
}
