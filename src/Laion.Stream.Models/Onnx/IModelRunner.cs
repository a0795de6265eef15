namespace LaionStream.Models.Onnx;

/// <summary>One loaded model on one device. Not safe for concurrent use.</summary>
internal interface IModelRunner : IDisposable
{
    /// <summary>File name, for messages.</summary>
    string Name { get; }

    /// <summary>The model's inputs and outputs.</summary>
    ModelSignature Signature { get; }

    /// <summary>A buffer for one of its inputs or outputs, in memory that suits its device.</summary>
    /// <param name="tensor">The input or output.</param>
    TensorBuffer Buffer(TensorSpec tensor) => new(tensor.Name, tensor.Type);

    /// <summary>Runs the model; one output is written in place.</summary>
    /// <param name="inputs">Every input of the model, in their current shapes.</param>
    /// <param name="output">Receives the output of that name, in the shape it will have.</param>
    /// <param name="abort">Cancels the run.</param>
    /// <exception cref="ModelRunException">The model threw.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="abort"/> was cancelled.</exception>
    void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort);

    /// <summary>Runs the model once to determine an output's shape.</summary>
    /// <param name="inputs">Every input of the model.</param>
    /// <param name="output">Name of the output.</param>
    /// <exception cref="ModelRunException">The model threw.</exception>
    long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output);
}
