using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LaionStream.Text.Languages;

/// <summary>The 32-bit MurmurHash2 of an n-gram's bytes, seed 0xBEEF (Hash32WithDefaultSeed, google/cld3 src/utils.cc).</summary>
internal static class NGramHash
{
    private const uint Seed = 0xBEEF;
    private const uint M = 0x5bd1e995;

    /// <summary>Hash of any number of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> key)
    {
        uint h = Seed ^ (uint)key.Length;
        while (key.Length >= 4)
        {
            h = Mix(h, BinaryPrimitives.ReadUInt32LittleEndian(key));
            key = key[4..];
        }

        switch (key.Length)
        {
            case 3:
                h = (h ^ ((uint)key[2] << 16) ^ ((uint)key[1] << 8) ^ key[0]) * M;
                break;
            case 2:
                h = (h ^ ((uint)key[1] << 8) ^ key[0]) * M;
                break;
            case 1:
                h = (h ^ key[0]) * M;
                break;
        }

        return Finish(h);
    }

    /// <summary>Hash of one to three bytes, the first in the low bits of <paramref name="key"/>, the bits above the last zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfShort(uint key, uint length) => Finish((Seed ^ length ^ key) * M);

    /// <summary>Hash of four bytes, the first in the low bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfFour(uint key) => Finish(Mix(Seed ^ 4, key));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(uint h, uint k)
    {
        k *= M;
        k ^= k >> 24;
        return (h * M) ^ (k * M);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Finish(uint h)
    {
        h = (h ^ (h >> 13)) * M;
        return h ^ (h >> 15);
    }
}
