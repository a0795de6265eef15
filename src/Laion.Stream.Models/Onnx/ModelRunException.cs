namespace LaionStream.Models.Onnx;

/// <summary>A model threw on the rows it was given.</summary>
/// <param name="message">The runtime's message.</param>
/// <param name="inner">What the runtime threw.</param>
public sealed class ModelRunException(string message, Exception? inner = null) : Exception(message, inner);
