namespace LaionStream.Engine.Ledger.Verify;

/// <summary>What <see cref="RunVerifier"/> found.</summary>
/// <param name="Parts">Files listed in the manifest, of every role.</param>
/// <param name="Rows">Rows inside.</param>
/// <param name="Links">Links that the ledger accounts for.</param>
/// <param name="FilesDone">Input files with a done line.</param>
/// <param name="FilesKnown">Input files of the output's share that were ever named.</param>
/// <param name="Away">Files listed that are not here, and are counted by the manifest.</param>
/// <param name="Problems">What is not whole; empty when all is.</param>
internal sealed record VerifyReport(int Parts, long Rows, long Links, int FilesDone, int FilesKnown, int Away, IReadOnlyList<string> Problems)
{
    /// <summary>Rows in parts of dropped rows, those that a retry replaced included.</summary>
    public long Dropped { get; init; }

    /// <summary>Whether the folder was made from the rows of others, by merge or subset: it has no ledger and no inputs of its own.</summary>
    public bool IsDerived { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsWhole => Problems.Count == 0;

    /// <summary>The outcome in one line.</summary>
    public string Line => IsWhole
        ? FormattableString.Invariant($"whole: {Rows} rows in {Parts} files{Missing}{Drops}{Accounts}")
        : FormattableString.Invariant($"not whole: {string.Join("; ", Problems.Take(5))}{(Problems.Count > 5 ? $"; and {Problems.Count - 5} more" : "")}");

    private string Missing => Away > 0 ? FormattableString.Invariant($" ({Away} of them not here: counted by the manifest)") : "";

    private string Drops => Dropped > 0 ? FormattableString.Invariant($", {Dropped} dropped rows") : "";

    private string Accounts => IsDerived ? "" : FormattableString.Invariant($", {Links} links accounted for, {FilesDone} of {FilesKnown} input files done");
}
