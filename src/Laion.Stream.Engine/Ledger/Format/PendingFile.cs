namespace LaionStream.Engine.Ledger.Format;

/// <summary>A finished temp file that is waiting to be committed; its bytes are flushed.</summary>
/// <param name="Role">What it holds.</param>
/// <param name="Path">Its name once it is committed, relative to the output folder, with forward slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex SHA-256.</param>
internal sealed record PendingFile(string Role, string Path, long Bytes, string Sha256)
{
    /// <summary>Its name until then.</summary>
    public string Temp => TempNames.Of(Path);
}
