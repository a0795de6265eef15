namespace LaionStream.Dataset.Summary;

/// <summary>How often one opt-out signal objected.</summary>
/// <param name="Dropped">Rows of the output that it excluded, over all sessions; a row counts for the signal that was decisive.</param>
/// <param name="Seen">
/// Rows of this session that it would have excluded if its switch had been on, and that no other signal excluded at that place: what the switch would cost.
/// </param>
public sealed record OptOutCount(long Dropped, long Seen);
