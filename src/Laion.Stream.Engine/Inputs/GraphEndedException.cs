namespace LaionStream.Engine.Inputs;

/// <summary>
/// The graph accepted no more rows before the end of its input. A consequence of whatever ended the graph, which may not have been recorded yet.
/// </summary>
public sealed class GraphEndedException(string row) : InvalidOperationException($"The graph declined row {row}: it ended before its input did.");
