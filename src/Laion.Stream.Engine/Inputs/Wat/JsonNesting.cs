using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>
/// Finds the end of a JSON object or array 64 bytes at a time: quotes, escapes and brackets become bit masks, and the brackets outside
/// strings are only counted. The method is that of simdjson's first stage (Langdale and Lemire, "Parsing Gigabytes of JSON per Second").
/// </summary>
internal static class JsonNesting
{
    private const int BlockBytes = 64;

    /// <summary>
    /// Bytes from an opening bracket to its closing one inclusive, or -1 when it is never closed. The two kinds of bracket are not distinguished.
    /// </summary>
    /// <param name="json">Begins with the opening bracket.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // unoptimised vector code is slow enough to be noticeable in a short run
    public static int LengthOf(ReadOnlySpan<byte> json)
    {
        Span<byte> padded = stackalloc byte[BlockBytes];
        ulong inString = 0; // all ones while a string is open at the block's start
        ulong escaped = 0; // 1 when the block's first byte is escaped
        int depth = 0;
        for (int at = 0; at < json.Length; at += BlockBytes)
        {
            Vector512<byte> bytes;
            if (json.Length - at >= BlockBytes)
            {
                bytes = Vector512.Create(json[at..]);
            }
            else
            {
                padded.Clear();
                json[at..].CopyTo(padded);
                bytes = Vector512.Create<byte>(padded);
            }

            ulong quotes = Vector512.Equals(bytes, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
            ulong escapes = Vector512.Equals(bytes, Vector512.Create((byte)'\\')).ExtractMostSignificantBits();
            if ((escapes | escaped) != 0)
            {
                quotes &= ~Escaped(escapes, ref escaped);
            }

            ulong strings = PrefixXor(quotes) ^ inString;
            inString = (ulong)((long)strings >> 63);

            // '{' and '[', as '}' and ']', differ in one bit.
            Vector512<byte> folded = bytes | Vector512.Create((byte)0x20);
            ulong opens = Vector512.Equals(folded, Vector512.Create((byte)'{')).ExtractMostSignificantBits() & ~strings;
            ulong closes = Vector512.Equals(folded, Vector512.Create((byte)'}')).ExtractMostSignificantBits() & ~strings;
            if (BitOperations.PopCount(closes) < depth)
            {
                depth += BitOperations.PopCount(opens) - BitOperations.PopCount(closes);
                continue;
            }

            for (ulong brackets = opens | closes; brackets != 0; brackets &= brackets - 1)
            {
                depth += (opens & brackets & (0 - brackets)) != 0 ? 1 : -1;
                if (depth == 0)
                {
                    return at + BitOperations.TrailingZeroCount(brackets) + 1;
                }
            }
        }

        return -1;
    }

    /// <summary>The bytes that follow an unescaped backslash.</summary>
    private static ulong Escaped(ulong escapes, ref ulong carried)
    {
        ulong escaped = carried;
        escapes &= ~carried;
        carried = 0;
        while (escapes != 0)
        {
            int at = BitOperations.TrailingZeroCount(escapes);
            carried = at == BlockBytes - 1 ? 1UL : 0;
            escaped |= 2UL << at;
            escapes &= ~(3UL << at);
        }

        return escaped;
    }

    /// <summary>Bit i of the result is the parity of bits 0 to i.</summary>
    private static ulong PrefixXor(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }
}
