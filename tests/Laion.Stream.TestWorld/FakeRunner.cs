using LaionStream.Models.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.TestWorld;

/// <summary>A model of a few lines: each row of its first input becomes one row of its output.</summary>
internal sealed class FakeRunner(TensorSpec input, TensorSpec output, int width, FakeRunner.RowModel model) : IModelRunner
{
    /// <summary>Computes a row's outputs from the first element of its input; throws to fail.</summary>
    public delegate void RowModel(float first, Span<float> outputs);

    /// <summary>Padded rows of every run.</summary>
    public List<int> Runs { get; } = [];

    public string Name => "fake.onnx";

    public ModelSignature Signature { get; } = new([input], [output]);

    /// <summary>An image tower of the given width.</summary>
    public static FakeRunner Images(int width, RowModel model, int batch = -1) => new(
        new TensorSpec("pixel_values", TensorElementType.Float, [batch, 3, 2, 2]), new TensorSpec("image_embeds", TensorElementType.Float,
            [batch, width]), width, model);

    /// <summary>A text tower of the given width with 77 tokens; its rows are distinguished by their number of tokens.</summary>
    public static FakeRunner Texts(int width, RowModel model, int length = 77) => new(
        new TensorSpec("input_ids", TensorElementType.Int64, [-1, length]), new TensorSpec("text_embeds", TensorElementType.Float, [-1, width]), width, model);

    public void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        int rows = (int)inputs[0].Shape[0];
        Runs.Add(rows);
        int size = inputs[0].Count / rows;
        for (int row = 0; row < rows; row++)
        {
            float first = input.IsInteger ? inputs[0].As<long>().Slice(row * size, size).ToArray().Count(id => id != 0) : inputs[0].As<float>()[row * size];
            model(first, output.As<float>().Slice(row * width, width));
        }
    }

    public long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output) => [inputs[0].Shape[0], width];

    public void Dispose()
    {
    }
}
