namespace LaionStream.Engine.Handles;

/// <summary>This process or machine has no handle, port or buffer left for a socket. The peer has no part in it, so the caller waits and tries again.</summary>
internal sealed class HandleShortageException(string message, Exception? inner = null) : IOException(message, inner);
