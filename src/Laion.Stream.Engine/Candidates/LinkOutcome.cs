using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Candidates;

/// <summary>What the rules made of one link: a candidate, or the reason why it is none.</summary>
/// <param name="Reason"><see cref="DropReason.None"/> while <paramref name="Candidate"/> is set.</param>
/// <param name="Candidate">The candidate, with its key set.</param>
public readonly record struct LinkOutcome(DropReason Reason, Candidate? Candidate);
