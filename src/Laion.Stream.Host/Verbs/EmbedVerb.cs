using System.CommandLine;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>embed</c>: texts or picture files to unit vectors, for scripts and for trying a model.</summary>
internal static class EmbedVerb
{
    private const int Batch = 32;

    public static Command Command(IReadOnlyDictionary<string, string?> settings)
    {
        var pictures = new Argument<string[]>(
            "FILE")
        {
            Description = "Pictures: files, folders, globs, .tar or .tar.gz archives; - reads a tar or one picture from standard input.",
            Arity =
            ArgumentArity.ZeroOrMore
        };
        var texts = new Option<string[]>("--text") { Description = "Text to embed; may be given again.", HelpName = "TEXT" };
        var lines = new Option<bool>("--lines") { Description = "Embed every line of standard input as a text." };
        var npy = new Option<string>(
            "--npy")
        {
            Description =
            "Write one float32 matrix [N, D] there instead of a line of JSON each: texts first, then pictures, in the order given.",
            HelpName = "FILE"
        };
        var half = new Option<bool>("--float16") { Description = "Round the numbers to float16, and write the matrix as such." };
        Option<string> models = VerbOptions.Models();
        Option<string> config = VerbOptions.Config();
        var command = new Command("embed",
            "Texts or pictures to unit vectors of CLIP, as lines of JSON or one .npy file. A picture that cannot be embedded is skipped, with a line on standard error; exit code 1 when none could be.") { pictures, texts, lines, npy, half, models, config };
        command.SetAction(async (parsed, abort) =>
        {
            string[] given = parsed.GetValue(texts) ?? [];
            string[] files = parsed.GetValue(pictures) ?? [];
            if (given.Length + files.Length == 0 && !parsed.GetValue(lines))
            {
                throw new UsageException(["embed: nothing to embed: give pictures, --text or --lines."]);
            }
            if (parsed.GetValue(lines) && files.Contains("-")) { throw new UsageException(["embed: standard input can be read once: as --lines or as -."]); }

            IReadOnlyList<string> sources = PictureSources.Expand(files);

            Dictionary<string, string?> merged = VerbOptions.Merge(settings, null, null, parsed.GetValue(models));
            await using EngineHost host = EngineHost.Start(parsed.GetValue(config), merged, logsBesideOutput: false);
            try
            {
                using ModelSet set = ModelsVerb.Load(host.Services);
                ImagingOptions imaging = host.Services.GetRequiredService<IOptions<ImagingOptions>>().Value;
                using IVectorOutput output = parsed.GetValue(npy) is { } path
                    ? new NpyOutput(path, set.EmbeddingWidth, parsed.GetValue(half))
                    : new JsonLinesOutput(Console.Out, parsed.GetValue(half));
                await EmbedTextsAsync(set.Devices[0], given, output, abort);
                if (parsed.GetValue(lines)) { await EmbedLinesAsync(set.Devices[0], Console.In, output, abort); }

                (int embedded, int skipped) =
                    await EmbedPicturesAsync(set, imaging, PictureSources.ReadAsync(sources, Console.OpenStandardInput, abort), output, Console.Error, abort);
                if (sources.Count > 0 && embedded == 0) { await Console.Error.WriteLineAsync("No picture could be embedded."); }
                if (embedded > 0 && skipped > 0) { await Console.Error.WriteLineAsync($"{embedded} pictures embedded, {skipped} skipped."); }
                if (sources.Count > 0 && embedded == 0) { return ExitCode.Failed; }

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

    /// <summary>Embeds the pictures that can be embedded, in batches and in order.</summary>
    private static async Task<(int Embedded, int Skipped)> EmbedPicturesAsync(
        ModelSet set, ImagingOptions imaging, IAsyncEnumerable<PictureFile> files, IVectorOutput output, TextWriter error, CancellationToken abort)
    {
        var explainer = new ImageExplainer(imaging, set.PixelSpecs);
        var batch = new List<(string Name, IReadOnlyList<PixelInput> Inputs)>(Batch);
        (int embedded, int skipped) = (0, 0);
        await foreach (PictureFile file in files)
        {
            ImageExplanation? picture = file.Bytes is { } bytes ? explainer.Explain(bytes, abort) : null;
            if (picture is not { Inputs.Count: > 0 })
            {
                await error.WriteLineAsync($"{file.Name}: {file.Error ?? picture?.Reason?.Name() ?? "not decoded"}");
                skipped++;
                continue;
            }

            embedded++;
            batch.Add((file.Name, picture.Inputs));
            if (batch.Count == Batch) { await EmbedBatchAsync(set.Devices[0], batch, output); }
        }

        await EmbedBatchAsync(set.Devices[0], batch, output);
        return (embedded, skipped);
    }

    private static async Task EmbedBatchAsync(ScoreModels models, List<(string Name, IReadOnlyList<PixelInput> Inputs)> batch, IVectorOutput output)
    {
        if (batch.Count == 0) { return; }

        float[] vectors = models.EmbedPictures([.. batch.Select(picture => picture.Inputs[0])]);
        for (int i = 0; i < batch.Count; i++)
        {
            foreach (PixelInput input in batch[i].Inputs) { input.Dispose(); }
            await output.WriteAsync("image", batch[i].Name, vectors.AsMemory(i * models.Width, models.Width));
        }

        batch.Clear();
    }
}
