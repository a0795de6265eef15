using LaionStream.Demo;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download;

/// <summary>
/// No object over 16 KB per request outside pooled buffers: every thread's allocations are sampled, including the platform's network code and the server.
/// </summary>
[Collection(AllocationCollection.Name)]
public sealed class LargeAllocationTests(ITestOutputHelper output)
{
    private const int WarmUp = 300;
    private const int Requests = 1500;
    private const int InFlight = 16;

    [Theory]
    [InlineData(false, HttpProtocols.Http1, "picture")]
    [InlineData(true, HttpProtocols.Http1, "picture")]
    [InlineData(true, HttpProtocols.Http2, "picture")]
    [InlineData(false, HttpProtocols.Http1, LoopbackFaults.Gzipped)]
    [InlineData(false, HttpProtocols.Http1, LoopbackFaults.Brotli)]
    [InlineData(false, HttpProtocols.Http1, LoopbackFaults.NotFound)]
    [InlineData(false, HttpProtocols.Http1, LoopbackFaults.Huge)]
    public async Task RunAsync_OverSockets_AllocatesNothingLargeOutsideThePool(bool tls, HttpProtocols protocols, string path)
    {
        byte[] picture = new byte[100_000];
        var (certificate, authority) = TestCertificates.Issue();
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(_ => picture, tls ? certificate : null, protocols);
        using var module = new ModuleUnderTest(options => options.CaFile = authority);
        string url = new Uri(world.BaseAddress, path).ToString();
        await FetchAsync(module, url, WarmUp);

        using var probe = new LargeObjectProbe();
        await FetchAsync(module, url, Requests);
        await probe.DrainAsync();

        // Buffers that the pool allocates anew (its caches are trimmed by collections, and threads start and end) are sampled too.
        double outside = probe.Estimate - probe.Pooled;
        output.WriteLine($"large objects sampled {probe.Seen.Count}, about {probe.Estimate:F0} in all, of these the pool's {probe.Pooled}: "
            + string.Join(", ", probe.Seen.CountBy(one => one).OrderByDescending(one => one.Value).Take(8)));
        Assert.InRange(outside, double.MinValue, Requests * 0.05); // one per request would be 20 times as many
        Assert.Equal(0, module.Bodies.Held);
    }

    [Fact]
    public async Task Probe_ALargeObjectNowAndThen_IsSeen()
    {
        using var probe = new LargeObjectProbe();
        for (int i = 0; i < Requests; i++) { await Task.Run(() => GC.KeepAlive(new byte[17_000])); }
        await probe.DrainAsync();

        Assert.InRange(probe.Estimate - probe.Pooled, Requests * 0.3, Requests * 3);
    }

    private static Task FetchAsync(ModuleUnderTest module, string url, int count)
    {
        int left = count;
        return Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                (await module.Module.Stage.RunAsync(ModuleUnderTest.Row(url), CancellationToken.None)).Row?.Dispose();
            }
        }));
    }
}
