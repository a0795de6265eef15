using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Counts of all links by outcome at one moment. <c>Links = Kept + Σ Dropped</c> by construction.</summary>
/// <param name="Candidates">Links that entered the graph and have ended.</param>
/// <param name="InFlight">Links that entered the graph and have not ended.</param>
/// <param name="Kept">Rows committed, by set.</param>
/// <param name="Dropped">Links dropped, by reason.</param>
/// <param name="OptOuts">Links that an opt-out excluded, by its signal: part of <paramref name="Dropped"/>.</param>
/// <param name="FilesKnown">Input files ever named for this output.</param>
/// <param name="FilesDone">Input files of which every row has a durable outcome.</param>
internal sealed record Accounting(
    long Candidates,
    long InFlight,
    IReadOnlyDictionary<string, long> Kept,
    IReadOnlyDictionary<DropReason, long> Dropped,
    IReadOnlyDictionary<OptOutSignal, long> OptOuts,
    int FilesKnown,
    int FilesDone)
{
    /// <summary>Links that have ended.</summary>
    public long Links => Kept.Values.Sum() + Dropped.Values.Sum();
}
