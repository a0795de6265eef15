namespace LaionStream.Search.Native;

/// <summary>What USearch says about a call that failed.</summary>
/// <param name="message">The library's text.</param>
internal sealed class GraphException(string message) : Exception(message);
