using System.CommandLine;
using System.Net;
using LaionStream.Engine.Inference.Pull;
using LaionStream.Host.Configuration;

namespace LaionStream.Host.Verbs;

/// <summary><c>models pull</c>: fetches the usual models into the models folder, checked and resumable.</summary>
internal static class ModelsPull
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var names = new Argument<string[]>("SET") { Description = "What to pull; none named: says what there is.", Arity = ArgumentArity.ZeroOrMore };
        Option<string> models = VerbOptions.Models();
        var mirror = new Option<Uri>("--base") { Description = "Address of a mirror, in the place of every set's own.", HelpName = "URL" };
        var list = new Option<string>("--list") { Description = "Another list of models instead of the program's own.", HelpName = "FILE" };
        var command = new Command("pull", "Fetches the usual models (CLIP, the multilingual tower, LAION's heads) with their sha256 checked; goes on where it was broken off.") { names, models, mirror, list };
        command.SetAction(async (parsed, abort) =>
        {
            PullManifest manifest;
            PullSet[] sets;
            try
            {
                manifest = PullManifest.Read(parsed.GetValue(list));
                sets = [.. (parsed.GetValue(names) ?? []).Select(manifest.Find)];
            }
            catch (PullException e)
            {
                throw new UsageException([e.Message]);
            }

            if (sets.Length == 0)
            {
                foreach (PullSet set in manifest.Sets) { await Console.Out.WriteLineAsync($"{set.Name,-18} {set.About} ({set.Licence})"); }
                return ExitCode.Done;
            }

            string folder = parsed.GetValue(models) ?? settings.GetValueOrDefault("Laion:Models:Path")
                ?? throw new UsageException(["Laion:Models:Path: no folder is named: give --models a folder."]);
            if (parsed.GetValue(mirror) is { } address && address.Scheme is not ("http" or "https")) { throw new UsageException(["--base: an http or https address is wanted."]); }

            return await PullAsync(sets, folder, new PullOptions { Base = parsed.GetValue(mirror) }, Console.Out, Console.Error, abort);
        });
        return command;
    }

    private static async Task<int> PullAsync(IReadOnlyList<PullSet> sets, string folder, PullOptions options, TextWriter result, TextWriter error, CancellationToken abort)
    {
        // Redirects are followed by hand, for the digest stands in the first answer; and bodies are hashed as they are.
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("laion-stream");
        try
        {
            var puller = new ModelPuller(http, options, TimeProvider.System, result.WriteLine);
            foreach (PullSet set in sets) { await puller.PullAsync(set, folder, abort); }

            await result.WriteLineAsync(PulledManifest.Write(sets, folder));
            return ExitCode.Done;
        }
        catch (Exception e) when (e is PullException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped. Pull again to go on from there.");
            return ExitCode.Stopped;
        }
    }
}
