using System.Security.Cryptography;
using LaionStream.Dataset.Manifest;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>Compares files with their manifest lines.</summary>
internal static class PartFiles
{
    /// <summary>Whether a file has the size and the digest that the manifest lists.</summary>
    /// <param name="path">The file, or the folder of loose files; must exist.</param>
    /// <param name="listed">The file's entry in the manifest.</param>
    public static bool Has(string path, ManifestFile listed)
    {
        if (Directory.Exists(path)) { return FolderDigest.Of(path) == (listed.Bytes, listed.Sha256); }

        using FileStream file = File.OpenRead(path);
        return file.Length == listed.Bytes && Convert.ToHexStringLower(SHA256.HashData(file)) == listed.Sha256;
    }
}
