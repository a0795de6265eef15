using System.Numerics;
using System.Runtime.Intrinsics;

namespace LaionStream.Engine.Inputs.Pages;

/// <summary>A quick search for opt-out words, so that the metas of most pages need not be parsed.</summary>
internal static class OptOutWords
{
    /// <summary>Whether a text may contain <c>noai</c> or <c>noimageai</c>, in any case. A true may be wrong, a false never is.</summary>
    public static bool MayOccur(ReadOnlySpan<byte> utf8)
    {
        int at = 0;
        for (; at + Vector512<byte>.Count < utf8.Length; at += Vector512<byte>.Count)
        {
            Vector512<byte> fold = Vector512.Create((byte)0x20);
            Vector512<byte> first = Vector512.Create(utf8[at..]) | fold;
            Vector512<byte> second = Vector512.Create(utf8[(at + 1)..]) | fold;
            ulong pairs = (Vector512.Equals(first, Vector512.Create((byte)'a')) & Vector512.Equals(second, Vector512.Create((byte)'i')))
                .ExtractMostSignificantBits();
            for (; pairs != 0; pairs &= pairs - 1)
            {
                if (EndsWord(utf8[..(at + BitOperations.TrailingZeroCount(pairs))]))
                {
                    return true;
                }
            }
        }

        for (; at + 1 < utf8.Length; at++)
        {
            if ((utf8[at] | 0x20) == 'a' && (utf8[at + 1] | 0x20) == 'i' && EndsWord(utf8[..at]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsWord(ReadOnlySpan<byte> before) => Ends(before, "no"u8) || Ends(before, "image"u8);

    private static bool Ends(ReadOnlySpan<byte> before, ReadOnlySpan<byte> word) =>
        before.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(before[^word.Length..], word);
}
