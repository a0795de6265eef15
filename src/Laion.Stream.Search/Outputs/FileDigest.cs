using System.Security.Cryptography;

namespace LaionStream.Search.Outputs;

/// <summary>Size and digest of a file, as manifests list them.</summary>
internal static class FileDigest
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its size, and the lower-case hex SHA-256 of its bytes.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (long Bytes, string Sha256) Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        return (file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
