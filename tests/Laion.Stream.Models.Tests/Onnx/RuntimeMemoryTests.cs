using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Towers;
using LaionStream.TestWorld;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.Models.Tests.Onnx;

/// <summary>The way that a GPU's session takes (the runtime's memory, bound inputs and outputs), on the CPU provider with its own allocator.</summary>
public sealed class RuntimeMemoryTests
{
    private static readonly string Tower = Path.Combine(BundledModels.TinyClip, "visual.onnx");

    [Fact]
    public void Run_BuffersOfTheRuntime_GiveTheAnswersOfOurs()
    {
        using ImageModel ours = Model(new OrtRunner(Tower, new InferenceSession(Tower), null));
        using ImageModel theirs = Model(Bound());

        // Growing, shrinking and padded batches in the same buffers.
        foreach (int rows in (int[])[1, 7, 3, 8, 1]) { Assert.Equal(Answers(ours, rows), Answers(theirs, rows)); }
    }

    [Fact]
    public void Run_Aborted_ThrowsAndTheNextRunWorks()
    {
        using ImageModel model = Model(Bound());

        Assert.ThrowsAny<OperationCanceledException>(() => Answers(model, 2, new CancellationToken(canceled: true)));
        Assert.NotEqual(0, Answers(model, 2)[0]);
    }

    [Fact]
    public void Detach_FilledBuffer_KeepsItsContentsAfterTheSessionIsDisposed()
    {
        OrtRunner runner = Bound();
        TensorBuffer buffer = runner.Buffer(new TensorSpec("x", TensorElementType.Float, [-1, 2]));
        buffer.Reshape(3, 2);
        for (int i = 0; i < 6; i++) { buffer.As<float>()[i] = i; }

        buffer.Detach();
        runner.Dispose();

        Assert.Equal([0, 1, 2, 3, 4, 5], buffer.As<float>());
        buffer.Reshape(500, 2);
        Assert.Equal(1000, buffer.Count);
    }

    [Fact]
    public void Dispose_Session_EndsItsBuffers()
    {
        OrtRunner runner = Bound();
        TensorBuffer buffer = runner.Buffer(new TensorSpec("x", TensorElementType.Float, [-1, 2]));
        buffer.Reshape(3, 2);

        runner.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.As<float>().Length);
    }

    [Fact]
    public void PageLocked_WithoutAGpu_IsNone()
    {
        using var session = new InferenceSession(Tower);

        Assert.Null(RuntimeMemory.PageLocked(session, 0));
    }

    private static OrtRunner Bound()
    {
        var session = new InferenceSession(Tower);
        return new OrtRunner(Tower, session, RuntimeMemory.Of(session, OrtMemoryInfo.DefaultInstance));
    }

    private static ImageModel Model(OrtRunner runner) =>
        new(runner, SignatureRules.ImageOutput(runner.Signature)!, PixelSpec.Clip224, PixelScale.Clip, BatchShape.UpTo(8, steps: 1));

    private static float[] Answers(ImageModel model, int rows, CancellationToken abort = default)
    {
        PixelInput[] pictures = [.. Enumerable.Range(0, rows).Select(_ => new PixelInput(224, 224))];
        for (int row = 0; row < rows; row++) { new Random(row).NextBytes(pictures[row].Rgb); }

        try
        {
            var answers = new float[rows * model.Width];
            model.Run([.. Enumerable.Range(0, rows)], pictures, answers, abort);
            return answers;
        }
        finally
        {
            foreach (PixelInput picture in pictures) { picture.Dispose(); }
        }
    }
}
