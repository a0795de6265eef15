using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Onnx;

/// <summary>A model in ONNX Runtime, reading and writing our own pinned buffers.</summary>
internal sealed class OrtRunner : IModelRunner
{
    private readonly InferenceSession _session;

    /// <summary>Takes over an open session.</summary>
    public OrtRunner(string path, InferenceSession session)
    {
        _session = session;
        Name = Path.GetFileName(path);
        Signature = new ModelSignature(
            [.. session.InputNames.Select(n => Spec(n, session.InputMetadata[n]))],
            [.. session.OutputNames.Select(n => Spec(n, session.OutputMetadata[n]))]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ModelSignature Signature { get; }

    /// <inheritdoc/>
    public void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        using var options = new RunOptions();
        using CancellationTokenRegistration stop = abort.UnsafeRegister(static o => ((RunOptions)o!).Terminate = true, options);
        OrtValue[] values = [.. inputs.Select(b => b.View())];
        using OrtValue result = output.View();
        try
        {
            _session.Run(options, [.. inputs.Select(b => b.Name)], values, [output.Name], [result]);
        }
        catch (OnnxRuntimeException e)
        {
            abort.ThrowIfCancellationRequested();
            throw new ModelRunException($"{Name}: {ProviderRules.FirstLine(e.Message)}", e);
        }
        finally
        {
            foreach (OrtValue value in values) { value.Dispose(); }
        }
    }

    /// <inheritdoc/>
    public long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output)
    {
        using var options = new RunOptions();
        OrtValue[] values = [.. inputs.Select(b => b.View())];
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(options, [.. inputs.Select(b => b.Name)], values, [output]);
            return results[0].GetTensorTypeAndShape().Shape;
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelRunException($"{Name}: {ProviderRules.FirstLine(e.Message)}", e);
        }
        finally
        {
            foreach (OrtValue value in values) { value.Dispose(); }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static TensorSpec Spec(string name, NodeMetadata node) => new(name, node.ElementDataType, node.Dimensions);
}
