using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Onnx;

/// <summary>A model in ONNX Runtime that reads and writes our buffers in place.</summary>
internal sealed class OrtRunner : IModelRunner
{
    private readonly InferenceSession _session;
    private readonly RuntimeMemory? _memory;

    /// <summary>Takes over an open session.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="session">The session.</param>
    /// <param name="memory">Memory that the session's device can access directly; null for ours.</param>
    public OrtRunner(string path, InferenceSession session, RuntimeMemory? memory)
    {
        _session = session;
        _memory = memory;
        Name = Path.GetFileName(path);
        Signature = new ModelSignature(
            [.. session.InputNames.Select(n => Spec(n, session.InputMetadata[n]))],
            [.. session.OutputNames.Select(n => Spec(n, session.OutputMetadata[n]))]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ModelSignature Signature { get; }

    /// <summary>The runtime's session, for measurements.</summary>
    internal InferenceSession Session => _session;

    /// <inheritdoc/>
    public TensorBuffer Buffer(TensorSpec tensor) => new(tensor.Name, tensor.Type, _memory);

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
            if (_memory is null) { _session.Run(options, [.. inputs.Select(b => b.Name)], values, [output.Name], [result]); }
            else { RunBound(options, inputs, values, output.Name, result); }
        }
        catch (OnnxRuntimeException e)
        {
            abort.ThrowIfCancellationRequested();
            throw Failure(e);
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
            throw Failure(e);
        }
        finally
        {
            foreach (OrtValue value in values) { value.Dispose(); }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory?.Dispose();
        _session.Dispose();
    }

    /// <summary>Binds the buffers: the transfer of inputs starts when they are bound, the output is copied back into its buffer.</summary>
    private void RunBound(RunOptions options, IReadOnlyList<TensorBuffer> inputs, OrtValue[] values, string output, OrtValue result)
    {
        using OrtIoBinding binding = _session.CreateIoBinding();
        for (int i = 0; i < values.Length; i++) { binding.BindInput(inputs[i].Name, values[i]); }

        binding.BindOutput(output, result);
        binding.SynchronizeBoundInputs();
        _session.RunWithBinding(options, binding);
        binding.SynchronizeBoundOutputs();
    }

    private ModelRunException Failure(OnnxRuntimeException e) => new($"{Name}: {ProviderRules.FirstLine(e.Message)}", e, DeviceFaults.KindOf(e.Message));

    private static TensorSpec Spec(string name, NodeMetadata node) => new(name, node.ElementDataType, node.Dimensions);
}
