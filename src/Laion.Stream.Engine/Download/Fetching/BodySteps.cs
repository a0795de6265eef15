using System.Numerics;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// How much memory a body may hold, by the bytes that have come, never by what its server announces: one first step for a request without an answer, then what
/// most pictures need, then twice what is there. All sizes are those that the pool hands out, powers of two.
/// </summary>
internal static class BodySteps
{
    private const long MostGrowth = 8;

    /// <summary>Taken at once after a first step of the usual size, so that pictures of the usual size wait for memory and are copied once at most.</summary>
    private const int Usual = 256 * 1024;

    private const int LeastFirst = 4 * 1024;
    private const int MostFirst = 64 * 1024;
    private const long MostSmall = 512 * 1024;
    private const int SmallBodies = 128; // that a slice holds at least

    /// <summary>Makes the slice of the memory budget that bodies take from.</summary>
    /// <param name="bytes">Its capacity.</param>
    public static ByteBudget Slice(long bytes) => new("bodies", bytes, Math.Clamp(bytes / SmallBodies, 1, MostSmall));

    /// <summary>Bytes to reserve before a fetch starts. All requests that may be open at once hold no more than half of the slice with these.</summary>
    /// <param name="slice">The slice's capacity.</param>
    /// <param name="requests">Requests that may be open at once.</param>
    /// <param name="maxBytes">Most bytes of a body.</param>
    public static int First(long slice, int requests, int maxBytes)
    {
        long share = Math.Clamp(slice / 2 / requests, LeastFirst, MostFirst);
        return (int)Math.Min(1L << BitOperations.Log2((ulong)share), PoolSize(maxBytes));
    }

    /// <summary>The size after one that is full.</summary>
    /// <param name="full">The size that is full.</param>
    /// <param name="most">Bytes that are sure to be enough: the announced length, or the cap.</param>
    public static int Next(int full, long most) => (int)Math.Min(Math.Min(Math.Max(2L * full, Math.Min(MostGrowth * full, Usual)), PoolSize(most)), Array.MaxLength);

    /// <summary>What the pool hands out for so many bytes.</summary>
    private static long PoolSize(long bytes) => Math.Max(16, (long)BitOperations.RoundUpToPowerOf2((ulong)bytes));
}
