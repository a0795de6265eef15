namespace LaionStream.Models.Heads.Weights;

/// <summary>A reference to something outside the pickle: for <c>torch.save</c> a storage, as <c>("storage", type, key, device, elements, …)</c>.</summary>
/// <param name="Id">Its persistent id.</param>
internal sealed record PickledReference(IReadOnlyList<object?> Id);
