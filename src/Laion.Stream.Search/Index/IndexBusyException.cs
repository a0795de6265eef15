namespace LaionStream.Search.Index;

/// <summary>Another process builds the same index.</summary>
/// <param name="message">Names the folder.</param>
public sealed class IndexBusyException(string message) : IOException(message);
