using System.Security.Cryptography;
using LaionStream.Dataset.Manifest;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>Holds files against their lines in the manifest.</summary>
internal static class PartFiles
{
    /// <summary>Whether a file has the size and the digest that the manifest lists.</summary>
    /// <param name="path">The file, which is there.</param>
    /// <param name="listed">What is listed.</param>
    public static bool Has(string path, ManifestFile listed)
    {
        using FileStream file = File.OpenRead(path);
        return file.Length == listed.Bytes && Convert.ToHexStringLower(SHA256.HashData(file)) == listed.Sha256;
    }
}
