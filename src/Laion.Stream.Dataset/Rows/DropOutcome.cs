namespace LaionStream.Dataset.Rows;

/// <summary>Why a row ended, with what the reason alone does not tell.</summary>
/// <param name="Reason">The stable reason.</param>
/// <param name="Detail">The HTTP status for <see cref="DropReason.HttpStatus"/>, else 0.</param>
public readonly record struct DropOutcome(DropReason Reason, int Detail = 0);
