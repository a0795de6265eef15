using System.CommandLine;
using System.Text;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Models.Onnx;

namespace LaionStream.Host.Verbs.Explain;

/// <summary><c>explain</c>: the outcome of the rules for one thing; JSON lines in, JSON lines out.</summary>
internal static class ExplainVerb
{
    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        Option<string> models = VerbOptions.Models();
        Option<string> config = VerbOptions.Config();
        var crops = new Option<string>("--crop-dir") { Description = "Folder for PNGs of what CLIP sees of each picture.", HelpName = "DIR" };
        var command = new Command(
            "explain",
            """
            What the rules make of one thing: a JSON object a line on stdin, an answer a line on stdout, in the same order. Questions:
              {"text"} {"text", "raw": true}   caption, language, set; with --models (a vocabulary will do) its tokens
              {"url"} {"url", "base"}          the URL that would be fetched
              {"address"}                      whether the address guard lets an address or host pass
              {"robots", "agent", "url"}       whether a robots.txt lets the URL be fetched and used, and the signal that decides
              {"tdmrep", "headers", "url"}     whether a tdmrep.json lets the URL be used; headers take precedence
              {"headers", "agent"}             whether response headers let the body be used, and the signal that decides
              {"image"} {"image", "text"}      what becomes of a picture file, alone or with a caption
            """) { models, config, crops };
        command.SetAction(async (parsed, _) =>
        {
            Dictionary<string, string?> merged = VerbOptions.Merge(settings, null, null, parsed.GetValue(models));
            await using EngineHost host = EngineHost.Start(parsed.GetValue(config), merged, logsBesideOutput: false);
            try
            {
                using Explainer explainer = Explainer.Create(host.Services, parsed.GetValue(crops));
                return await AnswerAsync(explainer, host.Signals.Stop);
            }
            catch (ModelException e)
            {
                throw new UsageException([$"{e.Key}: {e.Message}"]);
            }
        });
        return command;
    }

    private static async Task<int> AnswerAsync(Explainer explainer, CancellationToken stop)
    {
        await using var output =
            new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        try
        {
            await ExplainLoop.RunAsync(Console.OpenStandardInput(), output, explainer.AnswerAsync, stop);
            return ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Stopped;
        }
        catch (Exception e) when (e is not ModelException)
        {
            // The last frame of the program. An error in one line is its answer; only a full disk, a lost device or a closed pipe reach this place.
            await Console.Error.WriteLineAsync($"Failed: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
