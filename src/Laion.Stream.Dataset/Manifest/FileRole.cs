namespace LaionStream.Dataset.Manifest;

/// <summary>What a file of a part holds, as the manifest names it. Readers of an output pass over files of a role that they do not know.</summary>
public static class FileRole
{
    /// <summary>The rows, as Parquet. Each commit has exactly one such file.</summary>
    public const string Rows = "rows";
}
