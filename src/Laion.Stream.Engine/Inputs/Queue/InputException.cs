namespace LaionStream.Engine.Inputs.Queue;

/// <summary>The inputs as given cannot be read: nothing there, or of no known kind. A usage error.</summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
