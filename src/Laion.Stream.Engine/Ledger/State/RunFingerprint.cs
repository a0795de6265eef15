using System.Security.Cryptography;
using System.Text.Json;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// Every setting that shapes the rows of an output: rules, limits, thresholds, list switches, model hashes. Stored with the output as <c>state/run.json</c>;
/// a run with other settings is refused. A key that is missing from the output means the engine's behaviour before the key existed.
/// </summary>
/// <param name="entries">This run's settings that shape rows.</param>
internal sealed class RunFingerprint(IReadOnlyList<FingerprintEntry> entries)
{
    /// <summary>Keys that earlier versions stored although they do not shape rows.</summary>
    private static readonly HashSet<string> Retired = ["Download:BlockLists:Reload"];

    /// <summary>An entry beside the settings: rows were removed from the output, which earlier versions cannot read.</summary>
    public const string RemovalsKey = "Output:Removals";

    /// <summary>Describes every key that differs, one line each; empty when none does.</summary>
    /// <param name="stored">The output's keys and values.</param>
    public IReadOnlyList<string> DifferencesFrom(IReadOnlyDictionary<string, string> stored)
    {
        IEnumerable<(string Key, string Line)> changed = entries
            .Select(entry => (entry.Key, Ours: entry.Value, Theirs: stored.GetValueOrDefault(entry.Key, entry.Absent)))
            .Where(pair => pair.Ours != pair.Theirs)
            .Select(pair => (pair.Key, $"{pair.Key}: the output has {pair.Theirs}, this run {pair.Ours}"));
        IEnumerable<(string Key, string Line)> unknown = stored
            .Where(pair => pair.Value != FingerprintEntry.None && !Retired.Contains(pair.Key) && pair.Key != RemovalsKey && entries.All(entry => entry.Key != pair.Key))
            .Select(pair => (pair.Key, $"{pair.Key}: the output has {pair.Value}, this run none"));
        return [.. changed.Concat(unknown).OrderBy(difference => difference.Key, StringComparer.Ordinal).Select(difference => difference.Line)];
    }

    /// <summary>Lower-case hex SHA-256 of all entries.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    /// <summary>The settings other than the models, whose digests are listed by role.</summary>
    public IEnumerable<FingerprintEntry> Settings => entries.Where(entry => !entry.Key.StartsWith("Models:", StringComparison.Ordinal));

    /// <summary>The text of <c>state/run.json</c>.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new SortedDictionary<string, string>(entries.ToDictionary(entry => entry.Key, entry => entry.Value), StringComparer.Ordinal),
        CheckpointJson.Default.SortedDictionaryStringString);

    /// <summary>The keys and values of an output that holds rows or inputs; null for any other folder.</summary>
    /// <param name="outputFolder">The output folder.</param>
    public static IReadOnlyDictionary<string, string>? Find(string outputFolder)
    {
        string state = Path.Combine(Path.GetFullPath(outputFolder), "state");
        string path = Path.Combine(state, "run.json");
        try
        {
            return File.Exists(path) && !InputList.IsEmpty(state) ? Parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutputRefusedException)
        {
            return null; // opening the output meets the same cause, and reports it
        }
    }

    /// <summary>Reads <c>state/run.json</c>.</summary>
    /// <exception cref="OutputRefusedException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CheckpointJson.Default.SortedDictionaryStringString) ?? [];
        }
        catch (JsonException e)
        {
            throw new OutputRefusedException($"state/run.json of this output cannot be read: {e.Message}", e);
        }
    }
}
