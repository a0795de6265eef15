using System.Diagnostics.Tracing;
using LaionStream.Demo;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>Bodies are in pooled memory, and nothing else is large: the runtime counts the allocations of one request, by thread and by size.</summary>
[Collection(AllocationCollection.Name)]
public sealed class FetchAllocationTests(ITestOutputHelper output)
{
    private const int Large = 16 * 1024;

    /// <summary>A handler without network and with negligible allocations, so that all bytes counted are the module's.</summary>
    [Theory]
    [InlineData(20_000)]
    [InlineData(100_000)]
    [InlineData(400_000)]
    public void RunAsync_WarmModule_AllocatesLessThanALargeObjectInAll(int length)
    {
        using var module = new ModuleUnderTest(options => options.Resolve["*"] = "127.0.0.1", http: new MemoryWeb(new byte[length]));
        for (int i = 0; i < 200; i++) { Fetch(module.Module, i); }

        long most = 0;
        for (int i = 0; i < 2_000; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Fetch(module.Module, i);
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        output.WriteLine($"{length} bytes of body: at most {most} bytes allocated by one row");
        Assert.InRange(most, 1, Large); // a row that allocates less than this in total has no object that large
    }

    /// <summary>The same with the network, whose own code, and the server's, allocate too: bodies allocated anew would be 512 KiB each.</summary>
    [Fact]
    public async Task RunAsync_OverSockets_BodiesComeFromThePool()
    {
        const int Rows = 400;
        byte[] picture = new byte[300_000]; // without a pool each body would be a large object
        await using LoopbackWorld world = await LoopbackWorld.StartAsync(_ => picture);
        using var module = new ModuleUnderTest();
        for (int i = 0; i < 50; i++) { await FetchAsync(module.Module, $"{world.BaseAddress}{i}"); }

        using var probe = new AllocationProbe();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Rows; i++) { await FetchAsync(module.Module, $"{world.BaseAddress}{i}"); }
        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Rows;

        output.WriteLine($"{each} bytes allocated a row; the shared pool had to allocate {probe.Allocated} buffers of a body's size");
        Assert.InRange(each, 1, 150_000);
        Assert.InRange(probe.Allocated, 0, 40); // threads that had none of their own yet
        Assert.Equal(0, module.Bodies.Held);
    }

    private static void Fetch(DownloadModule module, int i)
    {
        Task<Step<FetchedImage>> fetch = module.Stage.RunAsync(ModuleUnderTest.Row("http://pictures.example/a.png", i), CancellationToken.None).AsTask();
        Assert.True(fetch.IsCompletedSuccessfully); // otherwise this thread's count would not include it all
        fetch.Result.Row!.Dispose();
    }

    private static async Task FetchAsync(DownloadModule module, string url)
    {
        Step<FetchedImage> step = await module.Stage.RunAsync(ModuleUnderTest.Row(url), CancellationToken.None);
        Assert.NotNull(step.Row);
        step.Row.Dispose();
    }

    private sealed class MemoryWeb(byte[] body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage
            {
                Content = new StreamContent(
                new MemoryStream(body, writable: false))
                { Headers = { ContentLength = body.Length } }
            });
    }

    /// <summary>Counts the buffers of a body's size that the shared array pool allocates.</summary>
    private sealed class AllocationProbe : EventListener
    {
        private const int BufferAllocated = 2;
        private const int BodySize = 1 << 19; // 300,000 rounded up as the pool does
        private int _allocated;

        public int Allocated => Volatile.Read(ref _allocated);

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Buffers.ArrayPoolEventSource") { EnableEvents(eventSource, EventLevel.Verbose); }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventId == BufferAllocated && eventData.Payload is [_, int size, ..] && size == BodySize) { Interlocked.Increment(ref _allocated); }
        }
    }
}
