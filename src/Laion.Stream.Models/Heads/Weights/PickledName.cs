namespace LaionStream.Models.Heads.Weights;

/// <summary>A class or function that a pickle names, such as <c>torch.FloatStorage</c>.</summary>
/// <param name="Full">Module and name.</param>
internal sealed record PickledName(string Full);
