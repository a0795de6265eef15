namespace LaionStream.Models.Heads.Weights;

/// <summary>Something that lies outside a pickle: for <c>torch.save</c> a storage, as <c>("storage", type, key, device, elements, …)</c>.</summary>
/// <param name="Id">What names it.</param>
internal sealed record PickledReference(IReadOnlyList<object?> Id);
