using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>
/// Native memory for decoded pictures; the common sizes are kept for reuse: new memory from the system costs a page fault every 4 KiB, which is
/// a tenth of a small picture's decode.
/// </summary>
internal static unsafe class PixelMemory
{
    private const int SmallestBits = 16;
    private const int LargestBits = 23; // 8 MiB: larger pictures take long to decode, and keeping their memory is expensive

    /// <summary>Most bytes that are kept unused: a megapixel for every core.</summary>
    private static readonly long MostKept = Environment.ProcessorCount * (4L << 20);

    private static readonly ConcurrentStack<nint>[] Kept =
        [.. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1).Select(_ => new ConcurrentStack<nint>())];

    private static long _kept;

    /// <summary>Takes memory for at least <paramref name="bytes"/> bytes; its contents are undefined.</summary>
    public static nint Rent(long bytes)
    {
        if (Class(bytes) is not { } size) { return (nint)NativeMemory.Alloc((nuint)bytes); }
        if (!Kept[size].TryPop(out nint memory)) { return (nint)NativeMemory.Alloc((nuint)BytesOf(size)); }

        Interlocked.Add(ref _kept, -BytesOf(size));
        return memory;
    }

    /// <summary>Returns memory.</summary>
    /// <param name="memory">The result of <see cref="Rent"/>.</param>
    /// <param name="bytes">The size that was requested.</param>
    public static void Return(nint memory, long bytes)
    {
        if (Class(bytes) is { } size && Interlocked.Add(ref _kept, BytesOf(size)) is var kept)
        {
            if (kept <= MostKept)
            {
                Kept[size].Push(memory);
                return;
            }

            Interlocked.Add(ref _kept, -BytesOf(size));
        }

        NativeMemory.Free((void*)memory);
    }

    private static long BytesOf(int size) => 1L << (SmallestBits + size);

    private static int? Class(long bytes)
    {
        int bits = Math.Max(SmallestBits, 64 - BitOperations.LeadingZeroCount((ulong)Math.Max(bytes - 1, 1)));
        return bits <= LargestBits ? bits - SmallestBits : null;
    }
}
