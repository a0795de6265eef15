namespace LaionStream.Engine.Handles;

/// <summary>
/// This process or machine has no handle, port or buffer available for a socket. The peer is not the cause, so the caller waits and tries again.
/// </summary>
internal sealed class HandleShortageException(string message, Exception? inner = null) : IOException(message, inner);
