using System.Security.Cryptography;

namespace LaionStream.Engine.Download.BlockLists;

/// <summary>
/// The digests of some bytes, each computed when it is first asked for and then kept: a picture's MD5 may be wanted by a block list, by the list that it comes
/// from and by its row. For one thread at a time.
/// </summary>
/// <param name="bytes">The bytes. What was not asked for while they are unchanged cannot be had later.</param>
internal sealed class BodyDigests(ReadOnlyMemory<byte> bytes)
{
    private byte[]? _md5;
    private byte[]? _sha1;
    private byte[]? _sha256;
    private byte[]? _sha512;

    /// <summary>MD5, 16 bytes.</summary>
    public ReadOnlySpan<byte> Md5 => _md5 ??= MD5.HashData(bytes.Span);

    /// <summary>SHA-1, 20 bytes.</summary>
    public ReadOnlySpan<byte> Sha1 => _sha1 ??= SHA1.HashData(bytes.Span);

    /// <summary>SHA-256, 32 bytes.</summary>
    public ReadOnlySpan<byte> Sha256 => _sha256 ??= SHA256.HashData(bytes.Span);

    /// <summary>SHA-512, 64 bytes.</summary>
    public ReadOnlySpan<byte> Sha512 => _sha512 ??= SHA512.HashData(bytes.Span);
}
