using System.Security.Cryptography;

namespace LaionStream.Engine.Download;

/// <summary>Compares fetched bytes with the digest that a list expects. Pure.</summary>
internal static class ExpectedDigest
{
    private const int LongestBytes = 64;

    /// <summary>Whether the bytes have the digest.</summary>
    /// <param name="expected">Hex digits in any case; their number says whether it is MD5, SHA-256 or SHA-512. Anything else matches nothing.</param>
    /// <param name="body">The bytes.</param>
    public static bool Matches(ReadOnlySpan<char> expected, ReadOnlySpan<byte> body)
    {
        expected = expected.Trim();
        Span<byte> wanted = stackalloc byte[LongestBytes];
        if (expected.Length > 2 * LongestBytes || Convert.FromHexString(expected, wanted, out _, out int length) != System.Buffers.OperationStatus.Done) { return false; }

        Span<byte> found = stackalloc byte[LongestBytes];
        int written = length switch
        {
            MD5.HashSizeInBytes => MD5.HashData(body, found),
            SHA256.HashSizeInBytes => SHA256.HashData(body, found),
            SHA512.HashSizeInBytes => SHA512.HashData(body, found),
            _ => 0,
        };
        return written > 0 && found[..written].SequenceEqual(wanted[..length]);
    }
}
