using System.Numerics;
using System.Runtime.Intrinsics;

namespace LaionStream.Engine.Inputs.Pages;

/// <summary>A quick search for opt-out words, so that the metas of most pages need not be parsed.</summary>
internal static class OptOutWords
{
    /// <summary>
    /// Whether a text of JSON may contain <c>noai</c>, <c>noimageai</c> or <c>tdm-reservation</c>, in any case, also with letters that are written as JSON's
    /// or HTML's numbers. A true may be wrong, a false never is.
    /// </summary>
    public static bool MayOccur(ReadOnlySpan<byte> utf8) => Occurs(utf8) || utf8.IndexOf("\\u00"u8) >= 0 || utf8.IndexOf("&#"u8) >= 0;

    private static bool Occurs(ReadOnlySpan<byte> utf8)
    {
        int at = 0;
        for (; at + Vector512<byte>.Count < utf8.Length; at += Vector512<byte>.Count)
        {
            Vector512<byte> fold = Vector512.Create((byte)0x20);
            Vector512<byte> first = Vector512.Create(utf8[at..]) | fold;
            Vector512<byte> second = Vector512.Create(utf8[(at + 1)..]) | fold;
            Vector512<byte> ai = Vector512.Equals(first, Vector512.Create((byte)'a')) & Vector512.Equals(second, Vector512.Create((byte)'i'));
            Vector512<byte> dm = Vector512.Equals(first, Vector512.Create((byte)'d')) & Vector512.Equals(second, Vector512.Create((byte)'m'));
            for (ulong pairs = (ai | dm).ExtractMostSignificantBits(); pairs != 0; pairs &= pairs - 1)
            {
                if (IsWord(utf8, at + BitOperations.TrailingZeroCount(pairs)))
                {
                    return true;
                }
            }
        }

        for (; at + 1 < utf8.Length; at++)
        {
            if (((utf8[at] | 0x20), (utf8[at + 1] | 0x20)) is ('a', 'i') or ('d', 'm') && IsWord(utf8, at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the pair at a place is the end of noai or noimageai, or the middle of tdm-.</summary>
    private static bool IsWord(ReadOnlySpan<byte> utf8, int pair) => (utf8[pair] | 0x20) == 'a'
        ? Ends(utf8[..pair], "no"u8) || Ends(utf8[..pair], "image"u8)
        : Ends(utf8[..pair], "t"u8) && pair + 2 < utf8.Length && utf8[pair + 2] == '-';

    private static bool Ends(ReadOnlySpan<byte> before, ReadOnlySpan<byte> word) =>
        before.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(before[^word.Length..], word);
}
