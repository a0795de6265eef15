using System.Globalization;
using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Benchmarks;

/// <summary>
/// Compares our JPEG decoder with libjpeg-turbo (libturbojpeg.so.0) on the files of folders, one thread, alternating rounds, CPU ms per picture.
/// </summary>
internal static unsafe class JpegBeside
{
    private const int Rounds = 7;

    /// <summary>Prints a line for each folder: files, KB, megapixels, both times (medians), and the median and range of the ratio by round.</summary>
    public static void Run(string[] folders)
    {
        Console.WriteLine("| set | files | KB | Mpx | libjpeg-turbo ms | ours ms | ratio | by round |\n|---|---:|---:|---:|---:|---:|---:|---|");
        foreach (string folder in folders)
        {
            byte[][] files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
            double pixels = files.Average(Ours);
            foreach (byte[] file in files) { Theirs(file); }
            WarmUp(files);

            var theirs = new double[Rounds];
            var ours = new double[Rounds];
            for (int round = 0; round < Rounds; round++) { (theirs[round], ours[round]) = (Time(files, Theirs), Time(files, Ours)); }
            double[] ratios = [.. ours.Zip(theirs, (our, their) => our / their).Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(folder)} | {files.Length} | {files.Average(file => file.Length) / 1024:0} | {pixels / 1e6:0.00} | {Median(theirs):0.000} | {Median(ours):0.000} | {ratios[Rounds / 2]:0.00} | {ratios[0]:0.00} to {ratios[^1]:0.00} |"));
        }
    }

    private static void WarmUp(byte[][] files)
    {
        long until = Environment.TickCount64 + 1500;
        for (int i = 0; Environment.TickCount64 < until; i++) { Ours(files[i % files.Length]); }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static double Time(byte[][] files, Func<byte[], double> decode)
    {
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        int pictures = 0;
        for (long until = Environment.TickCount64 + 400; Environment.TickCount64 < until;)
        {
            foreach (byte[] file in files) { decode(file); }
            pictures += files.Length;
        }

        return (Environment.CpuUsage.TotalTime - begun).TotalMilliseconds / pictures;
    }

    private static double Ours(byte[] file)
    {
        using JpegPicture picture = JpegDecoder.Decode(file, JpegLimits.Default, default);
        return (double)picture.Width * picture.Height;
    }

    private static byte[] _pixels = [];

    private static double Theirs(byte[] file)
    {
        using JpegDecoder header = JpegDecoder.Open(file, JpegLimits.Default);
        int bytes = header.Stride * header.Height;
        if (_pixels.Length < bytes) { _pixels = new byte[bytes]; }
        nint handle = InitDecompress();
        fixed (byte* source = file, target = _pixels)
        {
            _ = Decompress(handle, source, (nuint)file.Length, target, header.Width, 0, header.Height, header.Components switch { 1 => 6, 3 => 0, _ => 11 }, 0);
        }

        _ = Destroy(handle);
        return bytes;
    }

    [DllImport("libturbojpeg.so.0", EntryPoint = "tjInitDecompress")]
    private static extern nint InitDecompress();

    [DllImport("libturbojpeg.so.0", EntryPoint = "tjDecompress2")]
    private static extern int Decompress(nint handle, byte* source, nuint size, byte* target, int width, int pitch, int height, int format, int flags);

    [DllImport("libturbojpeg.so.0", EntryPoint = "tjDestroy")]
    private static extern int Destroy(nint handle);
}
