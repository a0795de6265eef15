using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Ledger.Claims;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Inputs;

/// <summary>
/// Determines the owner of a hash (docs/spec.md, 5.6): the row that claimed it first. An owner with a durable outcome, kept or dropped, keeps it for ever; an
/// owner without one loses it when the process dies; a row is never a duplicate of itself.
/// </summary>
/// <remarks>
/// Safe for concurrent pumps. A hash is stored without its owner: 8 bytes in a mapped run, at most 11.8 in the table (<see cref="ClaimIndex"/>). That suffices,
/// because every row has one hash: a row whose hash is already claimed is the owner exactly when the ledger has it as a row that claimed. A
/// <c>duplicate</c> outcome, like every other outcome from the pump itself, belongs to a row that claimed nothing. Durability: a drop's ledger record contains
/// the hash with the outcome; a commit's hashes are in a ledger record that is valid only once the manifest lists the commit. So after a crash exactly the
/// rows with durable outcomes own their hashes.
/// </remarks>
/// <param name="state">Stores the claims.</param>
/// <param name="rules">The run's rule set: <c>laion5b</c> uses the URL alone, as the original's bloom filter did (docs/spec.md, 5.8).</param>
internal sealed class DedupeIndex(RunState state, CandidateRuleSet rules)
{
    /// <summary>Hashes with an owner.</summary>
    public long Count => state.Claims.Count;

    /// <summary>Claims a row's hash. Called in input order within a file, before the row is admitted.</summary>
    /// <returns>False when another row owns it: this one is a <c>duplicate</c>.</returns>
    public bool TryClaim(Candidate row) => TryClaim(rules == CandidateRuleSet.Laion5b ? CandidateHash.Of(row.Url, null) : row.Hash, row.Key);

    /// <summary>Claims a hash for a row.</summary>
    /// <returns>False when another row owns it: this one is a <c>duplicate</c>.</returns>
    public bool TryClaim(long hash, RowKey owner) => state.TryClaim(hash, owner);
}
