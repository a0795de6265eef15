using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace LaionStream.Engine.Candidates;

/// <summary>
/// The <c>hash</c> column: low signed 64 bits of MurmurHash3 x64-128 (Austin Appleby, public domain), seed 0, over UTF-8(URL + TEXT),
/// as laion-prepro's <c>mmh3.hash64((url + text).utf8)[0]</c>.
/// </summary>
public static class CandidateHash
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;
    private const int StackBytes = 1024;

    /// <summary>Hashes a pair of strings; a missing text counts as empty.</summary>
    public static long Of(string url, string? text) => Of(url.AsSpan(), text.AsSpan());

    /// <summary>Hashes a pair of texts. A lone surrogate counts as U+FFFD, as in the written column.</summary>
    public static long Of(ReadOnlySpan<char> url, ReadOnlySpan<char> text)
    {
        int most = (url.Length + text.Length) * 3;
        byte[]? rented = most > StackBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> bytes = rented ?? stackalloc byte[StackBytes];
        int length = Encoding.UTF8.GetBytes(url, bytes);
        length += Encoding.UTF8.GetBytes(text, bytes[length..]);
        long hash = Of(bytes[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    /// <summary>Hashes the UTF-8 bytes of URL + TEXT.</summary>
    public static long Of(ReadOnlySpan<byte> utf8)
    {
        ulong h1 = 0;
        ulong h2 = 0;
        ReadOnlySpan<byte> rest = utf8;
        for (; rest.Length >= 16; rest = rest[16..])
        {
            h1 ^= MixLow(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            h1 = (BitOperations.RotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= MixHigh(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            h2 = (BitOperations.RotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }

        // The part of the tail that is missing mixes to zero, so the tail needs no special cases.
        Span<byte> tail = stackalloc byte[16];
        tail.Clear();
        rest.CopyTo(tail);
        h2 ^= MixHigh(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..])) ^ (ulong)utf8.Length;
        h1 ^= MixLow(BinaryPrimitives.ReadUInt64LittleEndian(tail)) ^ (ulong)utf8.Length;
        h1 += h2;
        h2 += h1;
        h1 = Avalanche(h1);
        h2 = Avalanche(h2);
        return (long)(h1 + h2);
    }

    private static ulong MixLow(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    private static ulong MixHigh(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;

    private static ulong Avalanche(ulong k)
    {
        k = (k ^ (k >> 33)) * 0xff51afd7ed558ccd;
        k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53;
        return k ^ (k >> 33);
    }
}
