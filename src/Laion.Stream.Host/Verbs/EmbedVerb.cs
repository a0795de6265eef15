using System.CommandLine;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Scoring;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>embed</c>: texts or picture files to unit vectors, for scripts and for trying a model.</summary>
internal static class EmbedVerb
{
    private const int Batch = 32;

    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var pictures = new Argument<string[]>("FILE") { Description = "Pictures to embed.", Arity = ArgumentArity.ZeroOrMore };
        var texts = new Option<string[]>("--text") { Description = "Text to embed; may be given again.", HelpName = "TEXT" };
        var lines = new Option<bool>("--lines") { Description = "Embed every line of standard input as a text." };
        var npy = new Option<string>("--npy") { Description = "Write one float32 matrix [N, D] there instead of a line of JSON each: texts first, then pictures, in the order given.", HelpName = "FILE" };
        Option<string> models = VerbOptions.Models();
        Option<string> config = VerbOptions.Config();
        var command = new Command("embed", "Texts or picture files to unit vectors of CLIP, as lines of JSON or one .npy file.") { pictures, texts, lines, npy, models, config };
        command.SetAction(async (parsed, abort) =>
        {
            string[] given = parsed.GetValue(texts) ?? [];
            string[] files = parsed.GetValue(pictures) ?? [];
            if (given.Length + files.Length == 0 && !parsed.GetValue(lines)) { throw new UsageException(["embed: nothing to embed: give picture files, --text or --lines."]); }

            Dictionary<string, string?> merged = VerbOptions.Merge(settings, null, null, parsed.GetValue(models));
            await using EngineHost host = EngineHost.Start(parsed.GetValue(config), merged, logsBesideOutput: false);
            try
            {
                using ModelSet set = ModelsVerb.Load(host.Services);
                ImagingOptions imaging = host.Services.GetRequiredService<IOptions<ImagingOptions>>().Value;
                using IVectorOutput output = parsed.GetValue(npy) is { } path ? new NpyOutput(path, set.EmbeddingWidth) : new JsonLinesOutput(Console.Out);
                await EmbedTextsAsync(set.Devices[0], given, output, abort);
                if (parsed.GetValue(lines)) { await EmbedLinesAsync(set.Devices[0], Console.In, output, abort); }

                if (!await EmbedPicturesAsync(set, imaging, files, output, Console.Error, abort)) { return ExitCode.Failed; }
                output.Complete();
                return ExitCode.Done;
            }
            catch (ModelException e)
            {
                throw new UsageException([$"{e.Key}: {e.Message}"]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ModelRunException)
            {
                await Console.Error.WriteLineAsync($"Failed: {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static async Task EmbedLinesAsync(ScoreModels models, TextReader reader, IVectorOutput output, CancellationToken abort)
    {
        var batch = new List<string>(Batch);
        while (await reader.ReadLineAsync(abort) is { } line)
        {
            batch.Add(line);
            if (batch.Count < Batch) { continue; }

            await EmbedTextsAsync(models, batch, output, abort);
            batch.Clear();
        }

        await EmbedTextsAsync(models, batch, output, abort);
    }

    private static async Task EmbedTextsAsync(ScoreModels models, IReadOnlyList<string> texts, IVectorOutput output, CancellationToken abort)
    {
        foreach (string[] batch in texts.Chunk(Batch))
        {
            abort.ThrowIfCancellationRequested();
            float[] vectors = models.EmbedTexts(batch);
            for (int i = 0; i < batch.Length; i++) { await output.WriteAsync("text", batch[i], vectors.AsMemory(i * models.Width, models.Width)); }
        }
    }

    /// <summary>Returns false when a file could not be embedded; the others are.</summary>
    private static async Task<bool> EmbedPicturesAsync(ModelSet set, ImagingOptions imaging, IReadOnlyList<string> files, IVectorOutput output, TextWriter error, CancellationToken abort)
    {
        var explainer = new ImageExplainer(imaging, set.PixelSpecs);
        bool whole = true;
        foreach (string file in files)
        {
            ImageExplanation picture = explainer.Explain(await File.ReadAllBytesAsync(file, abort), abort);
            if (picture.Inputs.Count == 0)
            {
                await error.WriteLineAsync($"{file}: {(picture.Reason is { } reason ? reason.Name() : "not decoded")}");
                whole = false;
                continue;
            }

            float[] vector = set.Devices[0].EmbedPictures([picture.Inputs[0]]);
            foreach (PixelInput input in picture.Inputs) { input.Dispose(); }

            await output.WriteAsync("image", file, vector);
        }

        return whole;
    }
}
