using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>The digest that a file must have.</summary>
/// <param name="Hex">Lower-case hex: the 64 digits of sha256, or the 40 of git's blob id.</param>
internal sealed record FileDigest(string Hex)
{
    private const int Sha256Digits = 64;
    private const int GitDigits = 40;

    private bool IsGit => Hex.Length == GitDigits;

    /// <summary>
    /// Parses an entity tag of the hub: sha256 for large files (<c>X-Linked-Etag</c>), git's blob id for small ones (<c>ETag</c>)
    /// (huggingface/huggingface_hub file_download.py). Null when a tag is neither.
    /// </summary>
    public static FileDigest? FromTag(string? tag)
    {
        string plain = (tag ?? string.Empty).Trim();
        if (plain.StartsWith("W/", StringComparison.Ordinal)) { plain = plain[2..]; }

        plain = plain.Trim('"').ToLowerInvariant();
        return plain.Length is Sha256Digits or GitDigits && plain.All(char.IsAsciiHexDigitLower) ? new FileDigest(plain) : null;
    }

    /// <summary>Whether a file has this digest.</summary>
    public async Task<bool> FitsAsync(string path, CancellationToken abort)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
        using IncrementalHash hash = IncrementalHash.CreateHash(IsGit ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (IsGit) { hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0"))); }

        var buffer = new byte[1 << 16];
        for (int read; (read = await file.ReadAsync(buffer, abort)) > 0;) { hash.AppendData(buffer.AsSpan(0, read)); }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == Hex;
    }
}
