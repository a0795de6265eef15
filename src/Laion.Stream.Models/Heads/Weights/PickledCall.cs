namespace LaionStream.Models.Heads.Weights;

/// <summary>A call that a pickle requests; it is not made.</summary>
/// <param name="Function">Module and name.</param>
/// <param name="Arguments">In order.</param>
internal sealed record PickledCall(string Function, IReadOnlyList<object?> Arguments);
