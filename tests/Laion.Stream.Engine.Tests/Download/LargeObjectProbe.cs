using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace LaionStream.Engine.Tests.Download;

/// <summary>
/// Samples every thread's allocations: the runtime reports one object in each 100 KB or so, and its size, so the probability of being reported grows with the
/// size. Buffers that the shared array pool allocates are counted separately.
/// </summary>
internal sealed class LargeObjectProbe : EventListener
{
    private const int Large = 16 * 1024;
    private const double BytesASample = 100 * 1024;
    private const EventKeywords GarbageCollector = (EventKeywords)1;
    private const int BufferAllocated = 2;

    private readonly ConcurrentQueue<(string Type, long Size)> _seen = new();
    private int _pooled;
    private volatile bool _drained;

    /// <summary>Objects over 16 KB seen, of all kinds.</summary>
    public IReadOnlyCollection<(string Type, long Size)> Seen => _seen;

    /// <summary>Buffers over 16 KB that the array pool had to allocate.</summary>
    public int Pooled => Volatile.Read(ref _pooled);

    /// <summary>Waits until all allocations so far have been reported: events arrive late, but in order.</summary>
    public async Task DrainAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!_drained)
        {
            GC.KeepAlive(new decimal[50_000]); // large enough to be reported for certain
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>About how many objects over 16 KB were allocated.</summary>
    public double Estimate => _seen.Sum(one => Math.Max(1, BytesASample / one.Size));

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") { EnableEvents(eventSource, EventLevel.Verbose, GarbageCollector); }
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource") { EnableEvents(eventSource, EventLevel.Verbose); }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) == true)
        {
            long size = Convert.ToInt64(eventData.Payload![eventData.PayloadNames!.IndexOf("ObjectSize")], System.Globalization.CultureInfo.InvariantCulture);
            if ((string)eventData.Payload[eventData.PayloadNames.IndexOf("TypeName")]! == "System.Decimal[]") { _drained = true; }
            else if (size > Large) { _seen.Enqueue(((string)eventData.Payload[eventData.PayloadNames.IndexOf("TypeName")]!, size)); }
        }
        else if (eventData is { EventId: BufferAllocated, Payload: [_, int length, ..] } && length >= Large
            && eventData.EventSource.Name.StartsWith("System.Buffers", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _pooled);
        }
    }
}
