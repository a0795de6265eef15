using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>
/// Native memory for decoded pictures, the usual sizes of it kept for the next: fresh megabytes from the system cost a page fault every 4 KiB, which is
/// a tenth of a small picture's decode.
/// </summary>
internal static unsafe class PixelMemory
{
    private const int SmallestBits = 16;
    private const int LargestBits = 23; // 8 MiB: beyond it a picture's decode is long, and idle memory dear

    /// <summary>Most bytes that lie idle: a megapixel for every core.</summary>
    private static readonly long MostKept = Environment.ProcessorCount * (4L << 20);

    private static readonly ConcurrentStack<nint>[] Kept = [.. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1).Select(_ => new ConcurrentStack<nint>())];

    private static long _kept;

    /// <summary>Takes memory for at least <paramref name="bytes"/>; contents are whatever was there.</summary>
    public static nint Rent(long bytes)
    {
        if (Class(bytes) is not { } size) { return (nint)NativeMemory.Alloc((nuint)bytes); }
        if (!Kept[size].TryPop(out nint memory)) { return (nint)NativeMemory.Alloc((nuint)BytesOf(size)); }

        Interlocked.Add(ref _kept, -BytesOf(size));
        return memory;
    }

    /// <summary>Gives memory back.</summary>
    /// <param name="memory">What <see cref="Rent"/> gave.</param>
    /// <param name="bytes">What was asked for.</param>
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
