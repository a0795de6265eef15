using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>
/// Scans an array of links in one pass, 64 bytes at a time, for the three marks that matter there: an image's path (<c>IMG@</c>), the
/// array's end (<c>}]</c>) and the beginning of another array (<c>:[</c>, <c>,[</c>, <c>[[</c>).
/// </summary>
internal static class LinkMarks
{
    private const int BlockBytes = 64;

    /// <summary>Index of the next mark's second byte (<c>@</c>, <c>]</c> or <c>[</c>), or -1. Of <c>IMG@</c> only the last two bytes are checked.</summary>
    /// <param name="json">The text.</param>
    /// <param name="from">Smallest index that may be returned; at least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // unoptimised vector code is slow enough to be noticeable in a short run
    public static int IndexOf(ReadOnlySpan<byte> json, int from)
    {
        ref byte first = ref MemoryMarshal.GetReference(json);
        int last = json.Length - BlockBytes;
        int at = from;
        while (at <= last)
        {
            var here = Vector512.LoadUnsafe(ref first, (nuint)at);
            var before = Vector512.LoadUnsafe(ref first, (nuint)(at - 1));
            Vector512<byte> paths = Vector512.Equals(here, Vector512.Create((byte)'@')) & Vector512.Equals(before, Vector512.Create((byte)'G'));
            Vector512<byte> ends = Vector512.Equals(here, Vector512.Create((byte)']')) & Vector512.Equals(before, Vector512.Create((byte)'}'));
            Vector512<byte> begins = Vector512.Equals(here, Vector512.Create((byte)'['));
            ulong marks = (paths | ends | begins).ExtractMostSignificantBits();
            for (; marks != 0; marks &= marks - 1)
            {
                int place = at + BitOperations.TrailingZeroCount(marks);
                if (IsMark(json, place))
                {
                    return place;
                }
            }

            at += BlockBytes;
        }

        for (; at < json.Length; at++)
        {
            if (IsMark(json, at))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsMark(ReadOnlySpan<byte> json, int at) => json[at] switch
    {
        (byte)'@' => json[at - 1] == (byte)'G',
        (byte)']' => json[at - 1] == (byte)'}',
        (byte)'[' => json[at - 1] is (byte)':' or (byte)',' or (byte)'[',
        _ => false,
    };
}
