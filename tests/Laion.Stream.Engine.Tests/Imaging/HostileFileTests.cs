using System.Buffers;
using System.Diagnostics;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Imaging;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Imaging;

public sealed class HostileFileTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("hostile")]
    [InlineData("valid")]
    public async Task X(string folder)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        var budget = new ByteBudget("decode", 64 << 20);
        var options = new ImagingOptions { MinSide = 1, MaxAspectRatio = 1e6, Gif = true, Tiff = true, Avif = true, Heic = true };
        var stage = new DecodeStage(options, [PixelSpec.Clip224], budget, NullLogger<DecodeStage>.Instance);
        foreach ((string name, byte[] bytes) in SharedPictures.Below("images", folder))
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, 1));
            bytes.CopyTo(buffer, 0);
            var candidate = new Candidate(new RowKey(0, 0), "http://x/", "text", "?", null, "s", 0);
            long start = Stopwatch.GetTimestamp();
            Step<PreparedImage> step = await stage.RunAsync(new FetchedImage(candidate, new PooledBody(buffer, bytes.Length, null), "", default), CancellationToken.None);
            double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            ImageHeader h = ImageHeader.Read(bytes);
            output.WriteLine($"{name}\t{h.Format}\t{h.Width}x{h.Height}\t{(step.Row is null ? step.Drop.Reason.Name() : "ok")}\t{ms:F0} ms\t{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
            step.Row?.Dispose();
            Assert.Equal(0, budget.Held);
        }
    }
}
