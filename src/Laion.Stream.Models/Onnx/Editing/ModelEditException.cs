namespace LaionStream.Models.Onnx.Editing;

/// <summary>A model cannot be changed as intended; it runs unchanged.</summary>
/// <param name="message">Why, one clause.</param>
internal sealed class ModelEditException(string message) : Exception(message);
