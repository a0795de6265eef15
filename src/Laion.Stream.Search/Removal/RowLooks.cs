namespace LaionStream.Search.Removal;

/// <summary>What of a row tells whether it was removed; null for what a file does not have.</summary>
/// <param name="Hash">The column <c>hash</c>.</param>
/// <param name="Url">The column <c>URL</c>.</param>
/// <param name="FinalUrl">The column <c>final_url</c>.</param>
/// <param name="Md5">The column <c>md5</c>.</param>
/// <param name="Sha256">The column <c>sha256</c>, by which pictures are known in an output without MD5.</param>
internal readonly record struct RowLooks(long? Hash, string? Url, string? FinalUrl, string? Md5, string? Sha256)
{
    /// <summary>The columns, by the names that files have them under.</summary>
    public static readonly string[] Columns = ["hash", "URL", "final_url", "md5", "sha256"];

    /// <summary>Says that a file has none of the columns.</summary>
    public static InvalidDataException Lacking(string path) => new(
        $"'{path}' has none of the columns hash, URL, md5 and sha256: which of its rows were removed cannot be told. Make it again, or delete it");
}
