namespace LaionStream.Engine.Ledger.Format;

/// <summary>One record of a ledger segment.</summary>
internal abstract record LedgerEntry;

/// <summary>First record of every segment: what the segments before it and the manifest up to here amount to.</summary>
/// <param name="ManifestBytes">Length of the manifest when the segment began: every commit in that part is finished, renames included.</param>
/// <param name="NextCommit">Smallest commit number not used before the segment.</param>
/// <param name="Sets">Output sets by their number in outcome codes.</param>
/// <param name="NextParts">Next part number by set.</param>
internal sealed record LedgerBase(long ManifestBytes, long NextCommit, IReadOnlyList<string> Sets, IReadOnlyDictionary<string, int> NextParts) : LedgerEntry;

/// <summary>Outcomes on rows of one input file.</summary>
/// <param name="FileNumber">The file.</param>
/// <param name="At">When they were written, UTC, whole seconds.</param>
/// <param name="IsRestated">Whether they only repeat what earlier segments and the manifest say.</param>
/// <param name="Groups">The outcomes.</param>
internal sealed record LedgerOutcomes(int FileNumber, DateTimeOffset At, bool IsRestated, IReadOnlyList<LedgerGroup> Groups) : LedgerEntry
{
    /// <summary>The output sets by number in the codes of kept rows; null where the record does not name them.</summary>
    public IReadOnlyList<string>? Sets { get; init; }
}

/// <summary>A commit that is about to be listed: its file names are taken from now on, whether the manifest comes to list them or not.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Paths">Its files, relative to the output folder, with forward slashes.</param>
internal sealed record LedgerNames(long Commit, IReadOnlyList<string> Paths) : LedgerEntry;

/// <summary>Hashes of the rows of a commit; they count only if the manifest has that commit.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Hashes">Hashes claimed by its rows.</param>
internal sealed record LedgerKeptHashes(long Commit, long[] Hashes) : LedgerEntry;

/// <summary>Rows of one outcome.</summary>
/// <param name="Code">The <see cref="OutcomeCode"/>.</param>
/// <param name="Ranges">First ordinal and length, ascending.</param>
/// <param name="Hashes">The rows' hashes in their order, or none when the rows claimed none.</param>
internal sealed record LedgerGroup(ushort Code, List<(int First, int Count)> Ranges, long[] Hashes);
