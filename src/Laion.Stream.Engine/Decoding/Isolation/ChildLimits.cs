using System.Diagnostics;
using System.Globalization;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>What a child may use for one picture.</summary>
/// <param name="Time">For the header, and again for the pixels. The decoder's own deadline is earlier.</param>
/// <param name="Memory">Bytes in addition to what it used before.</param>
internal readonly record struct ChildLimits(TimeSpan Time, long Memory)
{
    /// <summary>In addition to the pixels: code, tables, the managed heap's growth steps.</summary>
    private const long Beside = 256L << 20;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>For a header.</summary>
    public static ChildLimits OfHeader(ImagingOptions options, int bodyBytes) => new((2 * options.DecodeTimeout) + Grace, Beside + (4L * bodyBytes));

    /// <summary>
    /// For pixels. The memory of a decode is measured (<see cref="ImageRules.DecodeBytes"/>); a decoder that uses twice as much does something else.
    /// </summary>
    public static ChildLimits OfPixels(ImagingOptions options, int bodyBytes, long pixelBytes) =>
        OfHeader(options, bodyBytes) with { Memory = Beside + (4L * bodyBytes) + (2 * pixelBytes) };

    /// <summary>Most bytes that a child may declare for a picture's pixels: a child that was taken over must not block the run's budget for ever.</summary>
    /// <param name="options">Limits of pictures.</param>
    /// <param name="resize">How the picture to store is made, if one is.</param>
    public static long MostPixelBytes(ImagingOptions options, ResizeOptions? resize)
    {
        long side = resize?.Size ?? 0;
        double ratio = Math.Max(1, Math.Min(options.MaxAspectRatio, options.MaxPixels));
        return (64L << 20) + (64 * options.MaxPixels) + (long)Math.Min(9.0 * side * side * ratio, long.MaxValue / 4);
    }

    /// <summary>Physical memory of a process; 0 when it has ended.</summary>
    public static long HeldBy(Process process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                process.Refresh();
                return process.WorkingSet64;
            }

            string[] pages = File.ReadAllText(FormattableString.Invariant($"/proc/{process.Id}/statm")).Split(' ');
            return long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            return 0; // it ended this moment
        }
    }
}
