using System.Text.Json;
using System.Text.Json.Serialization;

namespace LaionStream.Dataset.Manifest;

/// <summary>One line of <c>state/manifest.jsonl</c>: files that became part of the dataset together, and their rows.</summary>
/// <remarks>Writing and flushing this line is the commit point: from then on the rows are kept, even while the files still have their temp names.</remarks>
/// <param name="Commit">Increases from commit to commit of an output; never used twice.</param>
/// <param name="Set">Output set, such as <c>en</c>.</param>
/// <param name="At">When the line was written, UTC.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Files">Files of the commit, one of each role, in any order.</param>
/// <param name="RowsByFile">The rows by input file: file number to ordinals, as <see cref="RowRanges"/> writes them. The JSON name dates from when an input
/// file was called a shard.</param>
public sealed record ManifestEntry(
    long Commit,
    string Set,
    DateTimeOffset At,
    long Rows,
    IReadOnlyList<ManifestFile> Files,
    [property: JsonPropertyName("shards")] IReadOnlyDictionary<int, string> RowsByFile)
{
    /// <summary>Rows of the file of role <see cref="FileRole.Dropped"/>; their outcomes are in the ledger's records of this commit.</summary>
    /// <value>0 for a commit of kept rows, whose line does not have the field.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Dropped { get; init; }

    /// <summary>The commit whose files this one's take the place of, without the rows of <see cref="Removal"/>.</summary>
    /// <value>Null for a commit of new rows, whose line does not have the field.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Replaces { get; init; }

    /// <summary>The rows that were removed; there when <see cref="Replaces"/> is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ManifestRemoval? Removal { get; init; }

    /// <summary>The file of a role, or null when the commit has none.</summary>
    /// <param name="role">The role, such as <see cref="FileRole.Rows"/>.</param>
    public ManifestFile? FileOf(string role) => Files.FirstOrDefault(file => file.Role == role);

    /// <summary>Writes the line, without its line end.</summary>
    public byte[] ToLine() => JsonSerializer.SerializeToUtf8Bytes(this, DatasetJson.Default.ManifestEntry);

    /// <summary>Reads a line.</summary>
    /// <returns>Null when the line is not a complete manifest line, such as one that a crash truncated.</returns>
    public static ManifestEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            ManifestEntry? entry = JsonSerializer.Deserialize(line, DatasetJson.Default.ManifestEntry);
            bool isWhole = entry is { Set: not null, Files: not null, RowsByFile: not null }
                && (entry.Replaces is null || entry.Removal is { By: not null, Rows: not null, Gone: not null });
            return isWhole ? entry : null;
        }
        catch (JsonException)
        {
            return null; // whether a broken line is acceptable depends on its position, which the caller knows
        }
    }
}
