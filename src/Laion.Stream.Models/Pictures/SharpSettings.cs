using System.Numerics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;

namespace LaionStream.Models.Pictures;

/// <summary>
/// ImageSharp's settings: the formats that are decoded, no threads of its own, and a limit of each buffer that follows from the picture's header, because a
/// crafted file may declare a frame or a strip far larger than its picture.
/// </summary>
internal static class SharpSettings
{
    /// <summary>A pixel of four samples has at most eight bytes.</summary>
    private const int MostBytesPerPixel = 8;

    private const int SmallestMegabytes = 16;
    private const int PooledMegabytes = 32;

    private static readonly Lazy<Configuration>[] BySize =
        [.. Enumerable.Range(0, 16).Select(size => new Lazy<Configuration>(() => Make(SmallestMegabytes << size)))];

    /// <summary>The settings for a picture.</summary>
    /// <param name="pixels">Its width × height.</param>
    public static Configuration For(long pixels)
    {
        ulong most = (ulong)pixels * MostBytesPerPixel;
        int size = BitOperations.Log2(BitOperations.RoundUpToPowerOf2(Math.Max(most >> 20, SmallestMegabytes - 1) + 1)) - BitOperations.Log2(SmallestMegabytes);
        return BySize[Math.Min(size, BySize.Length - 1)].Value;
    }

    private static Configuration Make(int mostMegabytes) =>
        new(new WebpConfigurationModule(), new GifConfigurationModule(), new TiffConfigurationModule())
        {
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
            {
                AllocationLimitMegabytes = mostMegabytes,
                MaximumPoolSizeMegabytes = mostMegabytes == SmallestMegabytes ? PooledMegabytes : 0, // larger pictures take long to decode
            }),
            MaxDegreeOfParallelism = 1, // the graph provides the parallelism
        };
}
