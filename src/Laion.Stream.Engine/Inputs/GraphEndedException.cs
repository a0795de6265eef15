namespace LaionStream.Engine.Inputs;

/// <summary>The graph took no more rows although its input was not at its end. An echo of whatever ended the graph, which may not have been recorded yet.</summary>
public sealed class GraphEndedException(string row) : InvalidOperationException($"The graph declined row {row}: it ended before its input did.");
