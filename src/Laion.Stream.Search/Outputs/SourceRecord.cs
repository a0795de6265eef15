using System.Security.Cryptography;
using LaionStream.Dataset.Summary;

namespace LaionStream.Search.Outputs;

/// <summary>An input, as the manifest of what was made of it records it.</summary>
/// <param name="Path">As it was named.</param>
/// <param name="Away">Parts that had been moved away, and were not read.</param>
/// <param name="Fingerprint">SHA-256 of the run's fingerprint; null outside an output folder.</param>
/// <param name="Models">SHA-256 of the models of the run, by role.</param>
/// <param name="Thresholds">What the rows were held to.</param>
/// <param name="Files">The files that were read.</param>
internal sealed record SourceRecord(
    string Path, int Away, string? Fingerprint, IReadOnlyDictionary<string, string> Models, IReadOnlyDictionary<string, double> Thresholds, IReadOnlyList<FileRecord> Files)
{
    /// <summary>Records an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="isRead">Whether a file of it was read.</param>
    public static SourceRecord Of(RowsInput input, Func<RowsFile, bool> isRead)
    {
        string state = System.IO.Path.Combine(input.Path, "state", "run.json");
        string summary = System.IO.Path.Combine(input.Path, "summary.json");
        RunSummary? run = File.Exists(summary) ? RunSummary.Parse(File.ReadAllBytes(summary)) : null;
        return new SourceRecord(
            input.Path,
            input.Away,
            File.Exists(state) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(state))) : null,
            new SortedDictionary<string, string>(run?.Models.ToDictionary() ?? [], StringComparer.Ordinal),
            new SortedDictionary<string, double>(run?.Thresholds.ToDictionary() ?? [], StringComparer.Ordinal),
            [.. input.Files.Where(isRead).Select(file => new FileRecord(RelativeTo(input.Path, file.Path), file.Bytes, file.Sha256))]);
    }

    private static string RelativeTo(string input, string file) =>
        File.Exists(input) ? System.IO.Path.GetFileName(file) : System.IO.Path.GetRelativePath(input, file);
}
