using System.Security.Cryptography;

namespace LaionStream.Models.Catalog;

/// <summary>One file that is used in scoring.</summary>
/// <param name="Role">Its role: <c>clip visual</c>, <c>clip text</c>, <c>tokenizer</c>, <c>nsfw</c>, ….</param>
/// <param name="Path">Full path.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Bytes">Size.</param>
internal sealed record ModelFile(string Role, string Path, string Sha256, long Bytes)
{
    /// <summary>Reads the file once for its digest.</summary>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    internal static ModelFile Of(string role, string path)
    {
        using FileStream file = File.OpenRead(path);
        return new ModelFile(role, path, Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
    }
}
