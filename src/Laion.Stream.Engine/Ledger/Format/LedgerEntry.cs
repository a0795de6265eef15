namespace LaionStream.Engine.Ledger.Format;

/// <summary>One record of a ledger segment.</summary>
internal abstract record LedgerEntry;

/// <summary>First record of every segment: the state that the earlier segments and the manifest up to this point amount to.</summary>
/// <param name="ManifestBytes">Length of the manifest when the segment began: every commit in that part is complete, renames included.</param>
/// <param name="NextCommit">Smallest commit number not used before this segment.</param>
/// <param name="Sets">Output sets by their number in outcome codes.</param>
/// <param name="NextParts">Next part number by set.</param>
internal sealed record LedgerBase(long ManifestBytes, long NextCommit, IReadOnlyList<string> Sets, IReadOnlyDictionary<string, int> NextParts) : LedgerEntry;

/// <summary>Outcomes on rows of one input file.</summary>
/// <param name="FileNumber">The file's number.</param>
/// <param name="At">When the record was written, UTC, whole seconds.</param>
/// <param name="IsSnapshot">Whether the record only repeats outcomes of earlier segments and the manifest.</param>
/// <param name="Groups">The outcomes.</param>
internal sealed record LedgerOutcomes(int FileNumber, DateTimeOffset At, bool IsSnapshot, IReadOnlyList<LedgerGroup> Groups) : LedgerEntry
{
    /// <summary>The commit of the rows' part of dropped rows: the record counts only if the manifest lists it. Null for a record that counts by itself.</summary>
    public long? Commit { get; init; }

    /// <summary>The output sets by their number in the codes of kept rows; null when the record does not name them.</summary>
    public IReadOnlyList<string>? Sets { get; init; }
}

/// <summary>A commit that is about to be listed in the manifest. Its file names count as used from now on, even if the manifest never lists them.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Paths">Its files, relative to the output folder, with forward slashes.</param>
internal sealed record LedgerNames(long Commit, IReadOnlyList<string> Paths) : LedgerEntry;

/// <summary>Hashes of the rows of a commit. They count only if the manifest lists that commit.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Hashes">Hashes claimed by its rows.</param>
internal sealed record LedgerKeptHashes(long Commit, long[] Hashes) : LedgerEntry;

/// <summary>Rows of one outcome.</summary>
/// <param name="Code">The <see cref="OutcomeCode"/>.</param>
/// <param name="Ranges">First ordinal and length, ascending.</param>
/// <param name="Hashes">The rows' hashes in the order of the rows; empty when the rows claimed none.</param>
internal sealed record LedgerGroup(ushort Code, List<(int First, int Count)> Ranges, long[] Hashes);
