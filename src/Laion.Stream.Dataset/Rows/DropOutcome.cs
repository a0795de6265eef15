namespace LaionStream.Dataset.Rows;

/// <summary>A drop reason and its detail.</summary>
/// <param name="Reason">The stable reason.</param>
/// <param name="Detail">The HTTP status for <see cref="DropReason.HttpStatus"/>, the number of the <see cref="OptOutSignal"/> for an opt-out, else 0.</param>
public readonly record struct DropOutcome(DropReason Reason, int Detail = 0);
