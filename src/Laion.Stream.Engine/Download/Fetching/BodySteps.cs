using System.Numerics;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// How much memory a body may hold, decided by the bytes received, never by the length that its server announces: a first step for a request without an answer,
/// then what most pictures need, then double the current size. All sizes are those that the pool returns: powers of two.
/// </summary>
internal static class BodySteps
{
    private const long MostGrowth = 8;

    /// <summary>The size after a first step of the usual size, so that pictures of the usual size wait for memory and are copied at most once.</summary>
    private const int Usual = 256 * 1024;

    private const int LeastFirst = 4 * 1024;
    private const int MostFirst = 64 * 1024;
    private const long MostSmall = 512 * 1024;
    private const int SmallBodies = 128; // that a slice holds at a minimum

    /// <summary>Creates the slice of the memory budget for bodies.</summary>
    /// <param name="bytes">Its capacity.</param>
    public static ByteBudget Slice(long bytes) => new("bodies", bytes, Math.Clamp(bytes / SmallBodies, 1, MostSmall));

    /// <summary>Bytes to reserve before a fetch starts. With all concurrent requests together, these take at most half of the slice.</summary>
    /// <param name="slice">The slice's capacity.</param>
    /// <param name="requests">Maximum number of concurrent requests.</param>
    /// <param name="maxBytes">Maximum size of a body, in bytes.</param>
    public static int First(long slice, int requests, int maxBytes)
    {
        long share = Math.Clamp(slice / 2 / requests, LeastFirst, MostFirst);
        return (int)Math.Min(1L << BitOperations.Log2((ulong)share), PoolSize(maxBytes));
    }

    /// <summary>The next size after one that is full.</summary>
    /// <param name="full">The size that is full.</param>
    /// <param name="most">Bytes that are certainly enough: the announced length or the cap.</param>
    public static int Next(int full, long most) =>
        (int)Math.Min(Math.Min(Math.Max(2L * full, Math.Min(MostGrowth * full, Usual)), PoolSize(most)), Array.MaxLength);

    /// <summary>The size of the buffer that the pool returns for that many bytes.</summary>
    private static long PoolSize(long bytes) => Math.Max(16, (long)BitOperations.RoundUpToPowerOf2((ulong)bytes));
}
