using System.Globalization;
using System.IO.Compression;
using LaionStream.Engine.Inputs.Inflating;

namespace LaionStream.Benchmarks;

/// <summary>Our gzip decoder beside the runtime's on one file: CPU ms of each, one thread, in alternating rounds.</summary>
internal static class InflateBeside
{
    private const int Rounds = 15;

    /// <summary>Prints each round's figures, then medians and the ratio. The first round, which compiles, is printed and not counted.</summary>
    /// <param name="path">A file of gzip members.</param>
    public static void Run(string path)
    {
        var theirs = new double[Rounds];
        var ours = new double[Rounds];
        for (int round = -1; round < Rounds; round++)
        {
            double gzip = Time(path, file => new GZipStream(file, CompressionMode.Decompress), out long theirBytes);
            double gunzip = Time(path, file => new GunzipStream(file), out long ourBytes);
            if (theirBytes != ourBytes) { throw new InvalidOperationException($"{theirBytes} and {ourBytes} bytes."); }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"GZipStream {gzip:0} ms, ours {gunzip:0} ms, {gunzip / gzip:0.000}"));
            if (round >= 0) { (theirs[round], ours[round]) = (gzip, gunzip); }
        }

        double[] ratios = [.. ours.Zip(theirs, (our, their) => our / their).Order()];
        (double gzipMedian, double ourMedian) = (theirs.Order().ElementAt(Rounds / 2), ours.Order().ElementAt(Rounds / 2));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"median GZipStream {gzipMedian:0} ms, ours {ourMedian:0} ms, ratio {ratios[Rounds / 2]:0.000} ({ratios[0]:0.000} to {ratios[^1]:0.000})"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"least GZipStream {theirs.Min():0} ms, ours {ours.Min():0} ms, ratio {ours.Min() / theirs.Min():0.000}"));
    }

    private static double Time(string path, Func<Stream, Stream> open, out long total)
    {
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        using Stream content = open(file);
        byte[] memory = new byte[1 << 16];
        total = 0;
        for (int read; (read = content.Read(memory, 0, memory.Length)) > 0;) { total += read; }
        return (Environment.CpuUsage.TotalTime - begun).TotalMilliseconds;
    }
}
