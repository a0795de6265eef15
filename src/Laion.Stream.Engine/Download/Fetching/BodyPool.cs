using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Buffers of response bodies. Hundreds are in use at once, and their number varies: of those that come back the shared array pool keeps 32 per core and size,
/// and the others, most of them large objects, would be allocated again and again.
/// </summary>
internal static class BodyPool
{
    private const int SmallestBits = 15; // smaller arrays are cheap
    private const int LargestBits = 21;

    /// <summary>Most bytes that are kept unused.</summary>
    private const long MostKept = 64L << 20;

    private static readonly ConcurrentStack<byte[]>[] Kept =
        [.. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1).Select(_ => new ConcurrentStack<byte[]>())];

    private static long _kept;

    /// <summary>Takes a buffer of at least <paramref name="bytes"/> bytes; its contents are undefined.</summary>
    public static byte[] Rent(int bytes)
    {
        if (PlaceOf(BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, 1))) is not { } place || !Kept[place].TryPop(out byte[]? buffer))
        {
            return ArrayPool<byte>.Shared.Rent(bytes);
        }

        Interlocked.Add(ref _kept, -buffer.Length);
        return buffer;
    }

    /// <summary>Returns a buffer of <see cref="Rent"/> or of the shared array pool, once.</summary>
    public static void Return(byte[] buffer)
    {
        if (BitOperations.IsPow2(buffer.Length) && PlaceOf((uint)buffer.Length) is { } place)
        {
            if (Interlocked.Add(ref _kept, buffer.Length) <= MostKept)
            {
                Kept[place].Push(buffer);
                return;
            }

            Interlocked.Add(ref _kept, -buffer.Length);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static int? PlaceOf(uint length)
    {
        int bits = BitOperations.Log2(length);
        return bits is >= SmallestBits and <= LargestBits ? bits - SmallestBits : null;
    }
}
