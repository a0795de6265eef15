using LaionStream.Models.Onnx;
using LaionStream.Models.Onnx.Editing;
using LaionStream.Models.Towers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

/// <summary>
/// Changes models while they are loaded, so that they run faster: <see cref="PixelPrefix"/> and <see cref="HalfPrecision"/>. A changed model replaces its
/// file's only if it loads and answers a probe as the file's does; otherwise the model runs with fewer changes or unchanged, and one warning says why. For one
/// set of models; sessions after the first make the same decisions. Dispose when all are loaded.
/// </summary>
internal sealed partial class ModelTuning(SessionFactory factory, InferenceOptions options, ILogger log) : IDisposable
{
    private readonly Dictionary<(string Path, bool ReadsPictures), Decision> _decisions = [];

    /// <summary>Paths of the models that run in half precision though their files are not.</summary>
    public IReadOnlySet<string> Halved => _decisions.Where(made => made.Value.Edits.HasFlag(ModelEdits.Half)).Select(made => made.Key.Path).ToHashSet();

    private bool IsGpu => factory.Choice.Provider != InferenceProvider.Cpu;

    private ModelEdits Wanted =>
        (options.Pixels == PixelTransfer.Bytes || (options.Pixels == PixelTransfer.Auto && IsGpu) ? ModelEdits.Bytes : ModelEdits.None)
        | (options.WantsHalf(factory.Choice.Provider) ? ModelEdits.Half : ModelEdits.None);

    /// <summary>A model that reads pictures, changed if configured and possible.</summary>
    /// <param name="pool">The pool that its file's model was taken from.</param>
    /// <param name="asIs">Its file's model.</param>
    /// <param name="path">Its file.</param>
    /// <param name="scale">Its normalisation.</param>
    /// <param name="half">How near its answers in half precision must be.</param>
    /// <param name="make">Creates the model of a runner.</param>
    public ImageModel Pictures(RunnerPool pool, IModelRunner asIs, string path, PixelScale scale, Likeness half, Func<IModelRunner, ImageModel> make)
    {
        var rules = new Changes(path, ReadsPictures: true, Wanted, half, scale, SignatureRules.Pixels(asIs.Signature)?.Name ?? "");
        return Tune(pool, asIs, rules, make, model => (Probes.Pictures(model), model.Width));
    }

    /// <summary>A model that reads captions, changed if configured and possible.</summary>
    /// <inheritdoc cref="Pictures" path="/param"/>
    public TextModel Texts(RunnerPool pool, IModelRunner asIs, string path, Likeness half, Func<IModelRunner, TextModel> make)
    {
        var rules = new Changes(path, ReadsPictures: false, Wanted & ModelEdits.Half, half, PixelScale.Clip, "");
        return Tune(pool, asIs, rules, make, model => (Probes.Texts(model), model.Width));
    }

    /// <summary>Drops the changed models' bytes, which the runtime has copied; what was decided stays.</summary>
    public void Dispose()
    {
        foreach ((string, bool) key in _decisions.Keys.ToArray()) { _decisions[key] = new Decision(_decisions[key].Edits, null); }
    }

    private T Tune<T>(RunnerPool pool, IModelRunner asIs, Changes rules, Func<IModelRunner, T> make, Func<T, (float[] Answers, int Width)> probe)
        where T : class, IDisposable
    {
        T plain = make(asIs);
        if (_decisions.TryGetValue(rules.Key, out Decision? made)) { return Repeat(pool, asIs, plain, rules, made, make); }

        var refusals = new Dictionary<ModelEdits, string>();
        foreach (ModelEdits edits in Attempts(rules.Wanted))
        {
            IModelRunner? runner = null;
            try
            {
                (ModelEdits possible, byte[]? model) = rules.Make(edits);
                if (model is null) { continue; }

                runner = Open(pool, rules, possible, model);
                T changed = make(runner);
                (float[] expected, int width) = probe(plain);
                double cosine = rules.LikenessOf(possible).Check(expected, probe(changed).Answers, width);
                _decisions[rules.Key] = new Decision(possible, model);
                Report(rules, possible, refusals, cosine);
                pool.Exchange(asIs, runner);
                return changed;
            }
            catch (Exception e) when (e is ModelEditException or ModelException or ModelRunException or IOException)
            {
                runner?.Dispose();
                refusals[edits] = e.Message;
            }
        }

        _decisions[rules.Key] = new Decision(ModelEdits.None, null);
        if (refusals.Count > 0) { Log.RunsAsItIs(log, rules.Name, string.Join("; ", refusals.Values.Distinct())); }

        return plain;
    }

    /// <summary>What a session before this one found to work.</summary>
    private T Repeat<T>(RunnerPool pool, IModelRunner asIs, T plain, Changes rules, Decision made, Func<IModelRunner, T> make)
    {
        if (made.Model is not { } model) { return plain; }

        IModelRunner runner = Open(pool, rules, made.Edits, model);
        T changed;
        try
        {
            changed = make(runner);
        }
        catch
        {
            runner.Dispose();
            throw;
        }

        pool.Exchange(asIs, runner);
        return changed;
    }

    private IModelRunner Open(RunnerPool pool, Changes rules, ModelEdits edits, byte[] model)
    {
        SessionFactory sessions = factory; // not this object, which holds the models' bytes
        int device = pool.Device;
        bool isHalf = edits.HasFlag(ModelEdits.Half);
        return pool.Guarded(sessions.Open(rules.Path, model, device, isHalf), () => sessions.Open(rules.Path, rules.Make(edits).Model!, device, isHalf));
    }

    private static IEnumerable<ModelEdits> Attempts(ModelEdits wanted) => wanted == (ModelEdits.Bytes | ModelEdits.Half)
        ? [wanted, ModelEdits.Half, ModelEdits.Bytes]
        : wanted == ModelEdits.None ? [] : [wanted];

    private void Report(Changes rules, ModelEdits edits, Dictionary<ModelEdits, string> refusals, double cosine)
    {
        // Fewer changes were tried only after all of them together, and bytes alone only after half precision alone.
        if ((refusals.GetValueOrDefault(ModelEdits.Half) ?? refusals.GetValueOrDefault(rules.Wanted)) is { } why)
        {
            Log.KeepsPart(log, rules.Name, edits.HasFlag(ModelEdits.Half) ? "its pictures as floats" : "its precision", why);
        }

        if (edits.HasFlag(ModelEdits.Half)) { Log.Halved(log, rules.Name, cosine); }
    }

    /// <summary>What was found to work.</summary>
    /// <param name="Edits">The changes.</param>
    /// <param name="Model">The changed model, until all sessions have loaded it; null for the file's.</param>
    private sealed record Decision(ModelEdits Edits, byte[]? Model);

    /// <summary>How one file may be changed.</summary>
    private sealed record Changes(string Path, bool ReadsPictures, ModelEdits Wanted, Likeness Half, PixelScale Scale, string Input)
    {
        public (string, bool) Key => (Path, ReadsPictures);

        public string Name => System.IO.Path.GetFileName(Path);

        public Likeness LikenessOf(ModelEdits edits) => edits.HasFlag(ModelEdits.Half) ? Half : Likeness.Same;

        /// <summary>The changed model; null when nothing is to be changed, because the file is in half precision already.</summary>
        public (ModelEdits Possible, byte[]? Model) Make(ModelEdits edits)
        {
            OnnxFile file = OnnxFile.Read(Path);
            if (edits.HasFlag(ModelEdits.Bytes)) { PixelPrefix.Add(file, Input, Scale.Mean, Scale.Std); }
            if (edits.HasFlag(ModelEdits.Half) && !HalfPrecision.Convert(file)) { edits &= ~ModelEdits.Half; }

            return (edits, edits == ModelEdits.None ? null : file.ToArray());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1720, LogLevel.Warning, "{Model} runs as it is: {Why}")]
        public static partial void RunsAsItIs(ILogger log, string model, string why);

        [LoggerMessage(1721, LogLevel.Warning, "{Model} keeps {What}: {Why}")]
        public static partial void KeepsPart(ILogger log, string model, string what, string why);

        [LoggerMessage(1722, LogLevel.Information, "{Model} runs in half precision: its answers to a probe have a cosine of {Cosine:F6} to the file's")]
        public static partial void Halved(ILogger log, string model, double cosine);
    }
}
