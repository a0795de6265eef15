namespace LaionStream.Models.Onnx;

/// <summary>What will run the models, and why.</summary>
/// <param name="Provider">Never <see cref="InferenceProvider.Auto"/>.</param>
/// <param name="Devices">Device numbers, one session each; at least one.</param>
/// <param name="Reason">One clause for the log.</param>
internal sealed record ProviderChoice(InferenceProvider Provider, IReadOnlyList<int> Devices, string Reason);
