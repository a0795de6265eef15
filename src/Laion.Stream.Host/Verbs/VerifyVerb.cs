using System.CommandLine;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;
using LaionStream.Search.Subsets;

namespace LaionStream.Host.Verbs;

/// <summary><c>verify</c>: recounts an output against its ledger, hashes and summary.</summary>
internal static class VerifyVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var path = new Argument<string>("DIR") { Description = "An output folder, a folder of merge or subset, or the file of a subset." };
        var shipped = new Option<bool>(
            "--shipped")
        { Description = "Parts that are not here were moved away on purpose: count them by the manifest, and say how many they are." };
        var command = new Command("verify", "Recounts an output against its ledger, hashes and summary; one line: whole, or what is not.") { path, shipped };
        var plain = new PlainOption();
        plain.AddTo(command);
        command.SetAction(async (parsed, abort) =>
        {
            string folder = parsed.GetRequiredValue(path);
            if (File.Exists(folder)) { return await VerifyFileAsync(folder); }

            if (RunningOutput.Of(folder) is { } running)
            {
                throw new UsageException(
                    [$"verify: {running} Verify it when that has ended: until then its files and its counts differ by the rows in flight."]);
            }

            try
            {
                VerifyReport report;
                using (LiveProgress progress = LiveProgress.Start("verify", "bytes", plain.IsAsked(parsed), settings))
                {
                    report = await new RunVerifier(folder, parsed.GetValue(shipped)) { Progress = progress.Set }.VerifyAsync(abort);
                }

                await Console.Out.WriteLineAsync(report.Line);
                return report.IsWhole ? ExitCode.Done : ExitCode.Failed;
            }
            catch (OutputRefusedException e)
            {
                throw new UsageException([e.Message]);
            }
        });
        return command;
    }

    private static async Task<int> VerifyFileAsync(string path)
    {
        try
        {
            string? problem = SubsetFile.ProblemOf(path, out SubsetManifest manifest);
            await Console.Out.WriteLineAsync(problem is null
                ? FormattableString.Invariant($"whole: {manifest.Rows} rows in a file of {manifest.File!.Bytes} bytes")
                : $"not whole: {problem}");
            return problem is null ? ExitCode.Done : ExitCode.Failed;
        }
        catch (InvalidDataException e)
        {
            throw new UsageException([$"verify: {e.Message}"]);
        }
    }
}
