namespace LaionStream.Models.Onnx.Editing;

/// <summary>A model cannot be changed in the wanted way; it runs as it is.</summary>
/// <param name="message">Why, one clause.</param>
internal sealed class ModelEditException(string message) : Exception(message);
