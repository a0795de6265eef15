using System.Text.Json;

namespace LaionStream.Engine.Checkpoint;

/// <summary>What shapes the rows of an output (SPEC 3): rules, limits, thresholds, list switches, model hashes. Stored with the output; a run that differs is refused.</summary>
/// <param name="Values">Key, such as <c>Filtering:MinSimilarity:en</c>, to value as text.</param>
internal sealed record RunFingerprint(IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Names every key that differs, one line each; empty when nothing does.</summary>
    /// <param name="stored">The output's fingerprint.</param>
    public IReadOnlyList<string> DifferencesFrom(RunFingerprint stored) =>
        [.. Values.Keys.Union(stored.Values.Keys)
            .Order(StringComparer.Ordinal)
            .Where(key => Of(this, key) != Of(stored, key))
            .Select(key => $"{key}: the output has {Of(stored, key) ?? "none"}, this run {Of(this, key) ?? "none"}")];

    /// <summary>The text of <c>state/run.json</c>.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new SortedDictionary<string, string>(Values.ToDictionary(), StringComparer.Ordinal), CheckpointJson.Default.SortedDictionaryStringString);

    /// <summary>Reads <c>state/run.json</c>.</summary>
    /// <exception cref="OutputRefusedException">It cannot be read.</exception>
    public static RunFingerprint Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return new RunFingerprint(JsonSerializer.Deserialize(json, CheckpointJson.Default.SortedDictionaryStringString) ?? []);
        }
        catch (JsonException e)
        {
            throw new OutputRefusedException($"state/run.json of this output cannot be read: {e.Message}", e);
        }
    }

    private static string? Of(RunFingerprint fingerprint, string key) => fingerprint.Values.GetValueOrDefault(key);
}
