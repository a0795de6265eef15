using System.CommandLine;
using System.Net;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;
using LaionStream.Models.Catalog.Pull;

namespace LaionStream.Host.Verbs;

/// <summary><c>models pull</c>: downloads the usual models into the models folder, checked and resumable.</summary>
internal static class ModelsPull
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var names = new Argument<string[]>("SET") { Description = "What to pull; none named: says what there is.", Arity = ArgumentArity.ZeroOrMore };
        Option<string> models = VerbOptions.Models();
        var mirror = new Option<string>("--base") { Description = "Address of a mirror, in the place of every set's own.", HelpName = "URL" };
        var list = new Option<string>("--list") { Description = "Another list of models instead of the program's own.", HelpName = "FILE" };
        var command = new Command("pull",
            $"Fetches the usual models (CLIP, the multilingual tower, LAION's heads) and verifies their sha256; resumes interrupted downloads.{Environment.NewLine}{Environment.NewLine}Sets, with source and licence:{Environment.NewLine}{string.Join(Environment.NewLine, PullManifest.Read(null).Sets.Select(set => "  " + Line(set)))}") { names, models, mirror, list };
        var plain = new PlainOption();
        plain.AddTo(command);
        command.SetAction(async (parsed, _) =>
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
                foreach (PullSet set in manifest.Sets) { await Console.Out.WriteLineAsync(Line(set)); }
                return ExitCode.Done;
            }

            string folder = parsed.GetValue(models) ?? settings.GetValueOrDefault("Laion:Models:Path")
                ?? throw new UsageException(["Laion:Models:Path: no folder is named: give --models a folder."]);
            Uri? address = parsed.GetValue(mirror) is { } text ? Mirror(text) : null;
            using var signals = new Signals(ProcessEnd.OfProgram, TimeSpan.Zero);
            using LiveProgress progress = LiveProgress.Start("models pull", "bytes", plain.IsAsked(parsed), settings);
            return await PullAsync(sets, folder, new PullOptions { Base = address }, progress, signals.Stop);
        });
        return command;
    }

    private static string Line(PullSet set) => $"{set.Name,-18} {set.About}; from {new Uri(set.Base).Host} ({set.Licence})";

    private static Uri Mirror(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
        ? address
        : throw new UsageException(["--base: an http or https address is wanted."]);

    private static async Task<int> PullAsync(IReadOnlyList<PullSet> sets, string folder, PullOptions options, LiveProgress progress, CancellationToken stop)
    {
        // Redirects are followed by our own code because the digest is in the first response; and bodies are hashed as they are sent.
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
            var puller = new ModelPuller(http, options, TimeProvider.System, progress.Say)
            {
                Begins = (file, bytes) => progress.Begin(file.To, bytes),
                Arrived = here => progress.Set(here, progress.Total),
            };
            foreach (PullSet set in sets) { await puller.PullAsync(set, folder, stop); }

            progress.Say(PulledManifest.Write(sets, folder));
            return ExitCode.Done;
        }
        catch (Exception e) when (e is PullException or IOException or UnauthorizedAccessException or UriFormatException)
        {
            progress.Warn(e.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            progress.Warn("Stopped. Pull again to resume.");
            return ExitCode.Stopped;
        }
    }
}
