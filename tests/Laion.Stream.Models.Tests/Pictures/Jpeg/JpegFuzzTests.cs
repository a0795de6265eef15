using System.Diagnostics;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>Hostile bytes: one typed exception at most, bounded time and memory, the same outcome every time.</summary>
public sealed class JpegFuzzTests
{
    private static readonly byte[][] Seeds = [.. JpegGoldenTests.Pictures.Select(row => Convert.FromBase64String((string)row[1]))];

    [Theory]
    [InlineData(0, 2000)]
    [InlineData(100_000, 2000)]
    public void Decode_MutatedPicture_EndsInTimeWithTheSameOutcomeTwice(int first, int rounds)
    {
        for (int seed = first; seed < first + rounds; seed++)
        {
            byte[] file = Mutate(new Random(seed));
            var clock = Stopwatch.StartNew();
            string outcome = Outcome(file);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"seed {seed} took {clock.Elapsed}");
            Assert.True(outcome == Outcome(file), $"seed {seed} has two outcomes");
        }
    }

    [Fact]
    public void Decode_ManyAtOnce_GivesEachItsOwnOutcome()
    {
        byte[][] files = [.. Enumerable.Range(0, 400).Select(seed => Mutate(new Random(seed)))];
        string[] alone = [.. files.Select(Outcome)];

        var together = new string[files.Length];
        Parallel.For(0, files.Length, new ParallelOptions { MaxDegreeOfParallelism = 14 }, i => together[i] = Outcome(files[i]));

        Assert.Equal(alone, together);
    }

    [Fact]
    public void Decode_ScansBeyondTheLimit_AreRefused()
    {
        byte[] file = Seeds[3]; // progressive
        int scan = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] many = [.. file[..scan], .. Enumerable.Repeat(file[scan..^2], 300).SelectMany(bytes => bytes), 0xFF, 0xD9];

        Assert.Equal(JpegErrorKind.TooLarge, Assert.Throws<JpegException>(() => JpegDecoder.Decode(many, JpegLimits.Default, default)).Kind);
    }

    [Fact]
    public void Open_HeaderOfAGiantPicture_AllocatesNoMemoryAndReportsWhatItNeeds()
    {
        byte[] file = [.. Seeds[4]];
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]);
        (file[frame + 5], file[frame + 6], file[frame + 7], file[frame + 8]) = (0x20, 0, 0x20, 0); // 8,192 x 8,192

        long before = GC.GetAllocatedBytesForCurrentThread();
        using JpegDecoder decoder = JpegDecoder.Open(file, JpegLimits.Default);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        Assert.InRange(decoder.MemoryNeeded, 8192L * 8192 * 3, 8192L * 8192 * 4);
        Assert.Equal(JpegErrorKind.TooLarge, Assert.Throws<JpegException>(() => JpegDecoder.Open(file, JpegLimits.Default with { MaxPixels = 1 << 25 })).Kind);
    }

    [Fact]
    public void Decode_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => JpegDecoder.Decode(Seeds[0], JpegLimits.Default, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => JpegDecoder.Decode(Seeds[3], JpegLimits.Default, cancelled.Token));
    }

    private static string Outcome(byte[] file)
    {
        try
        {
            using JpegPicture picture = JpegDecoder.Decode(file, new JpegLimits(1 << 22, 50), default);
            var hash = new HashCode();
            for (int y = 0; y < picture.Height; y++) { hash.AddBytes(picture.Row(y)); }
            return $"{picture.Width}x{picture.Height} {hash.ToHashCode()} {picture.Warnings.WholeRows} {string.Join(", ", picture.Warnings.All)}";
        }
        catch (JpegException e)
        {
            return $"{e.Kind} {e.Message}";
        }
    }

    private static byte[] Mutate(Random random)
    {
        List<byte> file = [.. Seeds[random.Next(Seeds.Length)]];
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(2, file.Count);
            switch (random.Next(8))
            {
                case 0: file[at] = (byte)random.Next(256); break;
                case 1: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: file.RemoveRange(at, Math.Min(random.Next(1, 20), file.Count - at)); break;
                case 3: file.InsertRange(at, Enumerable.Range(0, random.Next(1, 9)).Select(_ => (byte)random.Next(256))); break;
                case 4: file.InsertRange(at, [0xFF, (byte)random.Next(0xC0, 0x100)]); break;
                case 5: file.RemoveRange(at, file.Count - at); break;
                case 6: Splice(file, random); break;
                default: ChangeHeader(file, random); break;
            }

            if (file.Count < 4) { break; }
        }

        return [.. file];
    }

    /// <summary>Inserts the segments or scans of another picture.</summary>
    private static void Splice(List<byte> file, Random random)
    {
        byte[] other = Seeds[random.Next(Seeds.Length)];
        int begin = MarkerAt(other, random), end = MarkerAt(other, random);
        file.InsertRange(MarkerAt([.. file], random), other[Math.Min(begin, end)..Math.Max(begin, end)]);
    }

    /// <summary>Changes a byte right after a marker: lengths, sizes, table numbers, bands.</summary>
    private static void ChangeHeader(List<byte> file, Random random)
    {
        int at = MarkerAt([.. file], random) + random.Next(2, 16);
        if (at < file.Count) { file[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)random.Next(5); }
    }

    private static int MarkerAt(byte[] file, Random random)
    {
        int at = file.AsSpan(random.Next(file.Length)).IndexOf((byte)0xFF);
        return at < 0 ? file.Length : at;
    }
}
