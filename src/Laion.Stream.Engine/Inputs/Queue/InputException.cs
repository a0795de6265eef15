namespace LaionStream.Engine.Inputs.Queue;

/// <summary>The given inputs cannot be read: nothing is there, or their kind is unknown. A usage error.</summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
