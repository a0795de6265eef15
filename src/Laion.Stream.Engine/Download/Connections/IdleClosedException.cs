namespace LaionStream.Engine.Download.Connections;

/// <summary>The connection was idle and has been closed to stay within one of our own limits; a request that was about to use it takes another.</summary>
internal sealed class IdleClosedException() : IOException("The idle connection was closed.");
