using LaionStream.Models.Onnx;
using LaionStream.Models.Onnx.Editing;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

/// <summary>
/// Changes models while they are loaded, so that they run faster: <see cref="PixelPrefix"/>. A changed model replaces its file's only if it loads and gives
/// the same answers on a probe; otherwise the model runs unchanged, and one warning says why. For one set of models; sessions after the first make the same
/// decisions.
/// </summary>
internal sealed partial class ModelTuning(SessionFactory factory, InferenceOptions options, ILogger log)
{
    private const double SameDirection = 0.99999;
    private const double SameValue = 1e-3;

    private readonly Dictionary<string, byte[]?> _changed = new(StringComparer.Ordinal);

    private bool WantsBytes => options.Pixels switch
    {
        PixelTransfer.Auto => factory.Choice.Provider != InferenceProvider.Cpu,
        PixelTransfer.Bytes => true,
        _ => false,
    };

    /// <summary>A model that reads pictures, changed if configured and possible.</summary>
    /// <param name="pool">The pool that its file's model was taken from.</param>
    /// <param name="asIs">Its file's model.</param>
    /// <param name="path">Its file.</param>
    /// <param name="scale">Its normalisation.</param>
    /// <param name="make">Creates the model of a runner.</param>
    public ImageModel Pictures(RunnerPool pool, IModelRunner asIs, string path, PixelScale scale, Func<IModelRunner, ImageModel> make)
    {
        ImageModel plain = make(asIs);
        if (!WantsBytes) { return plain; }

        string input = SignatureRules.Pixels(asIs.Signature)!.Name;
        bool known = _changed.TryGetValue(path, out byte[]? model);
        IModelRunner? runner = null;
        ImageModel? changed = null;
        try
        {
            if (!known) { model = Change(path, input, scale); }
            if (model is not null)
            {
                runner = pool.Guarded(factory.Open(path, model, pool.Device), () => factory.Open(path, Change(path, input, scale), pool.Device));
                changed = make(runner);
                if (!known) { Compare(plain, changed); }
            }
        }
        catch (Exception e) when (e is ModelEditException or ModelException or ModelRunException or IOException)
        {
            Log.RunsAsItIs(log, Path.GetFileName(path), e.Message);
            runner?.Dispose();
            (model, runner) = (null, null);
        }

        _changed[path] = model;
        if (runner is null) { return plain; }

        pool.Exchange(asIs, runner);
        return changed!;
    }

    private static byte[] Change(string path, string input, PixelScale scale)
    {
        OnnxFile file = OnnxFile.Read(path);
        PixelPrefix.Add(file, input, scale.Mean, scale.Std);
        return file.ToArray();
    }

    private static void Compare(ImageModel plain, ImageModel changed)
    {
        float[] expected = Answers(plain);
        float[] found = Answers(changed);
        double largest = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - found[i]) <= SameValue * largest))
            {
                throw new ModelEditException($"it answered a probe with {found[i]:G6} instead of {expected[i]:G6}");
            }
        }

        double cosine = Embeddings.Cosine(expected, found);
        if (!(cosine >= SameDirection)) { throw new ModelEditException($"its answers to a probe have a cosine of {cosine:F6} to the file's"); }
    }

    /// <summary>Answers to two pictures that are new to a model: noise, and a gradient in each channel.</summary>
    private static float[] Answers(ImageModel model)
    {
        PixelInput[] probes = [new(model.Pixels.Width, model.Pixels.Height), new(model.Pixels.Width, model.Pixels.Height)];
        try
        {
            new Random(1).NextBytes(probes[0].Rgb); // the same bytes for both models
            for (int i = 0; i < probes[1].ByteCount; i++)
            {
                probes[1].Rgb[i] = (byte)((i / 3 % model.Pixels.Width * (i % 3)) + (i / (3 * model.Pixels.Width)));
            }

            var answers = new float[probes.Length * model.Width];
            model.Run([0, 1], probes, answers, CancellationToken.None);
            return answers;
        }
        finally
        {
            foreach (PixelInput probe in probes) { probe.Dispose(); }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1720, LogLevel.Warning, "{Model} runs as it is: {Why}")]
        public static partial void RunsAsItIs(ILogger log, string model, string why);
    }
}
