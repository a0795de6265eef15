using System.Diagnostics;

namespace LaionStream.Models.Onnx;

/// <summary>A model whose runs are counted and timed.</summary>
internal sealed class MeteredRunner(IModelRunner inner, SessionMeter meter) : IModelRunner
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public ModelSignature Signature => inner.Signature;

    /// <inheritdoc/>
    public TensorBuffer Buffer(TensorSpec tensor) => inner.Buffer(tensor);

    /// <inheritdoc/>
    public void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort)
    {
        long start = Stopwatch.GetTimestamp();
        long processor = ThreadClock.Nanoseconds;
        try
        {
            inner.Run(inputs, output, abort);
        }
        finally
        {
            meter.Note(Name, inputs[0].Shape, Stopwatch.GetTimestamp() - start, ThreadClock.Nanoseconds - processor);
        }
    }

    /// <inheritdoc/>
    public long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output) => inner.Probe(inputs, output);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}
