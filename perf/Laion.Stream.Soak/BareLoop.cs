using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.Soak;

/// <summary>Makes the calls of a run to the same models with nothing around them: same files, same settings, same shapes, as often, one thread.</summary>
internal static class BareLoop
{
    private const int LargestId = 6000; // below the bundled vocabulary's size, and so below any

    /// <summary>Makes the calls.</summary>
    /// <param name="folder">The models' folder.</param>
    /// <param name="runs">The calls of the run.</param>
    /// <returns>Processor time and wall time inside the models.</returns>
    public static (TimeSpan Processor, TimeSpan Wall) Run(string folder, IReadOnlyList<ModelCallStats> runs)
    {
        SessionFactory factory = SessionFactory.Create(new InferenceOptions { Provider = InferenceProvider.Cpu, Threads = 1 }, NullLogger.Instance);
        Dictionary<string, IModelRunner> models = runs.Select(run => run.Model).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, name => factory.Open(Find(folder, name), 0), StringComparer.Ordinal);
        try
        {
            var meter = new SessionMeter("bare", SessionMeter.ClipPart, threads: 1);
            Call[] calls = [.. runs.Select(run => new Call(new MeteredRunner(models[run.Model], meter), run))];
            long begun = meter.Begin();

            // The shapes are mixed as in the run: each call has its position in the whole, and the positions are processed in order.
            foreach (Call call in calls.SelectMany(call => Enumerable.Range(0, (int)call.Count).Select(i => (Place: (i + 0.5) / call.Count, call)))
                .OrderBy(at => at.Place).Select(at => at.call))
            {
                call.Run();
            }

            meter.End(begun, 0);
            return (meter.Processor, meter.Inside);
        }
        finally
        {
            foreach (IModelRunner model in models.Values) { model.Dispose(); }
        }
    }

    private static string Find(string folder, string name)
    {
        string bundled = Path.Combine(AppContext.BaseDirectory, new ModelOptions().Fallback);
        string[] found = [.. new[] { folder, bundled }.SelectMany(of => Directory.GetFiles(of, name, SearchOption.AllDirectories))];
        return found.Length == 1
            ? found[0]
            : throw new InvalidOperationException($"{found.Length} files called {name} in {folder} and {bundled}: the bare loop needs exactly one.");
    }

    /// <summary>One shape of one model, its input filled.</summary>
    private sealed class Call
    {
        private readonly IModelRunner _model;
        private readonly TensorBuffer _input;
        private readonly TensorBuffer _output;

        public Call(IModelRunner model, ModelCallStats run)
        {
            TensorSpec input = model.Signature.Inputs is [var only]
                ? only
                : throw new NotSupportedException($"{model.Name} takes several inputs; the bare loop knows models of one.");
            TensorSpec output = (input.IsInteger ? SignatureRules.TextOutput(model.Signature) : SignatureRules.ImageOutput(model.Signature))
                ?? SignatureRules.ScoreOutput(model.Signature)
                ?? throw new NotSupportedException($"{model.Name} gives nothing that is known.");
            _model = model;
            Count = run.Count;
            _input = new TensorBuffer(input.Name, input.Type);
            _output = new TensorBuffer(output.Name, output.Type);
            long[] ran = run.Shape is [var rows, var height, var width, 3] ? [rows, 3, height, width] : [.. run.Shape]; // the run feeds bytes, this loop floats
            _input.Reshape([1, .. ran.Skip(1)]);
            Fill(_input);
            long[] shape = model.Probe([_input], output.Name);
            _input.Reshape(ran);
            Fill(_input);
            _output.Reshape([ran[0], .. shape.Skip(1)]);
        }

        public long Count { get; }

        public void Run() => _model.Run([_input], _output, CancellationToken.None);

        private static void Fill(TensorBuffer buffer)
        {
            var random = new Random(1);
            if (buffer.Type == TensorElementType.Float)
            {
                foreach (ref float value in buffer.As<float>()) { value = (float)((random.NextDouble() * 4) - 2); }
                return;
            }

            if (buffer.Type is not (TensorElementType.Int32 or TensorElementType.Int64))
            {
                throw new NotSupportedException($"The bare loop fills no {buffer.Type}.");
            }
            buffer.WriteIds(0, [.. Enumerable.Range(0, buffer.Count).Select(_ => random.Next(1, LargestId))]);
        }
    }
}
