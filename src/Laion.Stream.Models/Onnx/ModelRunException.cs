namespace LaionStream.Models.Onnx;

/// <summary>A model threw on the rows it was given.</summary>
/// <param name="message">The runtime's message.</param>
/// <param name="inner">What the runtime threw.</param>
/// <param name="failure">What is at fault.</param>
public sealed class ModelRunException(string message, Exception? inner = null, ModelFailure failure = ModelFailure.Rows) : Exception(message, inner)
{
    /// <summary>What is at fault.</summary>
    public ModelFailure Failure => failure;
}
