using System.CommandLine;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Report;

namespace LaionStream.Host.Verbs;

/// <summary><c>report</c>: what a run did, as one HTML file for people; several outputs are compared.</summary>
internal static class ReportVerb
{
    public static Command Command()
    {
        var folders = new Argument<string[]>("DIR") { Description = "Output folders; several are shown beside each other.", Arity = ArgumentArity.OneOrMore };
        var file = new Option<string?>("--output") { Description = "File to write. [default: report.html in the output folder, or here for several]", HelpName = "FILE" };
        var command = new Command("report", "One HTML file for people: funnel, rates over time, drop reasons, languages, scores against thresholds, hosts, settings.") { folders, file };
        command.SetAction((parsed, abort) => RunAsync(parsed.GetRequiredValue(folders), parsed.GetValue(file), abort));
        return command;
    }

    /// <summary>Writes the report of a run that has ended. A report that cannot be made is said, and changes no exit code.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="result">Receives where the report is.</param>
    /// <param name="error">Receives why there is none.</param>
    /// <param name="abort">Cancels the reading of rows.</param>
    public static async Task AfterRunAsync(string folder, TextWriter result, TextWriter error, CancellationToken abort)
    {
        string path = Path.Combine(folder, RunReportFile.Name);
        try
        {
            await RunReportFile.WriteAsync([folder], path, abort);
            await result.WriteLineAsync($"report: {path}");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{path} was not written: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync($"{path} was not written: aborted. laion-stream report {folder} makes it.");
        }
    }

    private static string? Refusal(string folder) => File.Exists(folder) ? $"report: '{folder}' is a file; an output folder is wanted."
        : !Directory.Exists(folder) ? $"report: '{folder}' is not there."
        : !File.Exists(Path.Combine(folder, "summary.json")) ? $"report: '{folder}' has no summary.json: it is not the output of a run."
        : null;

    private static async Task<int> RunAsync(string[] folders, string? file, CancellationToken abort)
    {
        string[] errors = [.. folders.Select(Refusal).OfType<string>()];
        if (errors.Length > 0) { throw new UsageException(errors); }

        string path = file ?? (folders.Length == 1 ? Path.Combine(folders[0], RunReportFile.Name) : RunReportFile.Name);
        try
        {
            await RunReportFile.WriteAsync(folders, path, abort);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }

        await Console.Out.WriteLineAsync(path);
        return ExitCode.Done;
    }
}
