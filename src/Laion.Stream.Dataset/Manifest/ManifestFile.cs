using System.Text.Json.Serialization;

namespace LaionStream.Dataset.Manifest;

/// <summary>One file of a commit.</summary>
/// <param name="Path">Its name once it is visible, relative to the output folder, with forward slashes.</param>
/// <param name="Temp">Its name when the commit was written, relative to the output folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes.</param>
public sealed record ManifestFile(string Path, string Temp, long Bytes, string Sha256)
{
    /// <summary>The contents of the file.</summary>
    /// <value>Default <see cref="FileRole.Rows"/>: version 0.1.0 wrote no roles, and all its files contain rows.</value>
    [JsonIgnore]
    public string Role { get; init; } = FileRole.Rows;

    /// <summary>The role as written in the manifest, which omits <see cref="FileRole.Rows"/>.</summary>
    [JsonInclude]
    [JsonPropertyName("role")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal string? WrittenRole
    {
        get => Role == FileRole.Rows ? null : Role;
        init => Role = value ?? FileRole.Rows;
    }
}
