using System.Security.Cryptography;
using LaionStream.Engine.Digests;

namespace LaionStream.Engine.Download;

/// <summary>Compares fetched bytes with the digest that a list expects. Pure.</summary>
internal static class ExpectedDigest
{
    private const int LongestBytes = 64;

    /// <summary>Whether the bytes have the digest.</summary>
    /// <param name="expected">Hex digits in any case; their number says whether it is MD5, SHA-256 or SHA-512. Anything else matches nothing.</param>
    /// <param name="body">Digests of the bytes.</param>
    public static bool Matches(ReadOnlySpan<char> expected, BodyDigests body)
    {
        expected = expected.Trim();
        Span<byte> wanted = stackalloc byte[LongestBytes];
        if (expected.Length > 2 * LongestBytes || Convert.FromHexString(expected, wanted, out _, out int length) != System.Buffers.OperationStatus.Done) { return false; }

        ReadOnlySpan<byte> found = length switch
        {
            MD5.HashSizeInBytes => body.Md5,
            SHA256.HashSizeInBytes => body.Sha256,
            SHA512.HashSizeInBytes => body.Sha512,
            _ => [],
        };
        return found.Length > 0 && found.SequenceEqual(wanted[..length]);
    }
}
