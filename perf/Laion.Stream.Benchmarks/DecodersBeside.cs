using System.Globalization;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using NetVips;

namespace LaionStream.Benchmarks;

/// <summary>
/// Compares the decoders, <c>Imaging:Decoder</c> = <c>vips</c> and <c>imagesharp</c>, on the same pictures in each format: CPU ms per picture, one thread,
/// alternating rounds; and the peak of physical memory while a picture of 16 megapixels is decoded (Linux).
/// </summary>
internal static class DecodersBeside
{
    private const int Rounds = 5;
    private const int LargeSide = 4000;

    private static readonly string[] Kinds = ["jpeg", "png", "png interlaced", "webp", "webp lossless", "gif", "tiff"];

    /// <summary>Prints a line for each format.</summary>
    /// <param name="pictures">JPEGs, which are converted to each format.</param>
    public static void Run(IReadOnlyList<byte[]> pictures)
    {
        Console.WriteLine("| format | KB | vips ms | imagesharp ms | ratio | by round | vips MB at 16 Mpx | imagesharp MB |\n|---|---:|---:|---:|---:|---|---:|---:|");
        foreach (string kind in Kinds)
        {
            byte[][] files = [.. pictures.Select(picture => Convert(picture, kind))];
            foreach (PictureLibrary library in Enum.GetValues<PictureLibrary>()) { Time(files, library, milliseconds: 1500); }

            var vips = new double[Rounds];
            var sharp = new double[Rounds];
            for (int round = 0; round < Rounds; round++) { (vips[round], sharp[round]) = (Time(files, PictureLibrary.Vips), Time(files, PictureLibrary.ImageSharp)); }
            double[] ratios = [.. sharp.Zip(vips, (ours, theirs) => ours / theirs).Order()];
            byte[] large = Large(kind);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {kind} | {files.Average(file => file.Length) / 1000:0} | {Median(vips):0.00} | {Median(sharp):0.00} | {ratios[Rounds / 2]:0.00} | {ratios[0]:0.00} to {ratios[^1]:0.00} | {Peak(large, PictureLibrary.Vips)} | {Peak(large, PictureLibrary.ImageSharp)} |"));
        }
    }

    private static double Time(byte[][] files, PictureLibrary library, int milliseconds = 600)
    {
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        int pictures = 0;
        for (long until = Environment.TickCount64 + milliseconds; Environment.TickCount64 < until;)
        {
            foreach (byte[] file in files) { Decode(file, library).Dispose(); }
            pictures += files.Length;
        }

        return (Environment.CpuUsage.TotalTime - begun).TotalMilliseconds / pictures;
    }

    private static DecodedPixels Decode(byte[] file, PictureLibrary library) =>
        ImageDecoder.Decode(file, ImageHeader.Read(file), true, CancellationToken.None, library: library);

    private static long Peak(byte[] file, PictureLibrary library)
    {
        if (!OperatingSystem.IsLinux()) { return 0; }

        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5"); // starts a new peak
        long before = Environment.WorkingSet;
        Decode(file, library).Dispose();
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return ((long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024) - before) / 1_000_000;
    }

    private static byte[] Convert(byte[] picture, string kind)
    {
        using Image image = Image.JpegloadBuffer(picture);
        using Image rgb = image.Bands == 3 ? image.Copy() : image.Colourspace(Enums.Interpretation.Srgb);
        return kind == "jpeg" ? picture : Save(rgb, kind);
    }

    private static byte[] Large(string kind)
    {
        using Image row = Image.Xyz(LargeSide, LargeSide)[0].Linear([255.0 / LargeSide], [0.0]);
        using Image grey = row.Cast(Enums.BandFormat.Uchar);
        using Image rgb = grey.Bandjoin(grey, grey).Copy(interpretation: Enums.Interpretation.Srgb);
        return Save(rgb, kind);
    }

    private static byte[] Save(Image rgb, string kind) => kind switch
    {
        "jpeg" => rgb.JpegsaveBuffer(),
        "png" => rgb.PngsaveBuffer(),
        "png interlaced" => rgb.PngsaveBuffer(interlace: true),
        "webp" => rgb.WebpsaveBuffer(q: 80, effort: 2),
        "webp lossless" => rgb.WebpsaveBuffer(lossless: true, effort: 0),
        "gif" => rgb.GifsaveBuffer(effort: 1),
        _ => rgb.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw),
    };

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
