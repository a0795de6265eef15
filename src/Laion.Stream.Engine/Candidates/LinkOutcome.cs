using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Candidates;

/// <summary>The outcome of the rules for one link: a candidate, or the drop reason.</summary>
/// <param name="Reason"><see cref="DropReason.None"/> when <paramref name="Candidate"/> is set.</param>
/// <param name="Candidate">The candidate, with its key set.</param>
/// <param name="Rejected">What was found of a rejected link; null unless the run writes dropped rows.</param>
public readonly record struct LinkOutcome(DropReason Reason, Candidate? Candidate, RejectedLink? Rejected = null)
{
    /// <summary>The page's objection, when that is the reason.</summary>
    public OptOutSignal Signal { get; init; }

    /// <summary>The reason with its detail.</summary>
    public DropOutcome Drop => new(Reason, Reason == DropReason.PageOptOut ? (int)Signal : 0);
}
