using System.Collections.Concurrent;
using LaionStream.Models.Onnx;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>
/// Runs a parser on its own thread and watches it: an input that takes longer or allocates more than it may, or causes an undocumented exception,
/// is printed completely.
/// A thread that hangs is abandoned, because nothing can end it; the test fails.
/// </summary>
internal sealed class WatchedParser : IDisposable
{
    /// <summary>Processor time limit of one input: a damaged file of kilobytes is read in a millisecond.</summary>
    private static readonly TimeSpan MostProcessorTime = TimeSpan.FromSeconds(1);

    /// <summary>Time after which an input counts as hanging: the processor may be busy with other tests.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly BlockingCollection<byte[]> _inputs = new(1);
    private readonly ByteParser _parser;
    private readonly Task<string?> _thread;
    private byte[] _current = [];
    private long _done;
    private long _lastDone = -1;
    private DateTime _lastStep = DateTime.UtcNow;

    /// <summary>Starts the thread.</summary>
    public WatchedParser(ByteParser parser)
    {
        _parser = parser;
        _thread = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Inputs read.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Feeds inputs until they end, a deadline passes or one violates a property.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <returns>What went wrong, with the input; null when nothing did.</returns>
    public string? ByteWindow(IEnumerable<byte[]> inputs)
    {
        foreach (byte[] input in inputs)
        {
            while (!_inputs.TryAdd(input, TimeSpan.FromMilliseconds(200)))
            {
                if (_thread.IsCompleted) { return _thread.Result; }
                if (IsLate()) { return Report("takes longer than it may", _current); }
            }
        }

        return null;
    }

    /// <summary>Waits for the last input.</summary>
    /// <returns>What went wrong, with the input; null when nothing did.</returns>
    public string? Finish()
    {
        _inputs.CompleteAdding();
        while (!_thread.Wait(TimeSpan.FromMilliseconds(200)))
        {
            if (IsLate()) { return Report("takes longer than it may", _current); }
        }

        return _thread.Result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_thread.IsCompleted) { _inputs.Dispose(); }
    }

    private bool IsLate()
    {
        if (Done != _lastDone) { (_lastDone, _lastStep) = (Done, DateTime.UtcNow); }
        return DateTime.UtcNow - _lastStep > Longest;
    }

    private string? Run()
    {
        foreach (byte[] input in _inputs.GetConsumingEnumerable())
        {
            _current = input;
            long before = GC.GetAllocatedBytesForCurrentThread();
            long began = ThreadClock.Nanoseconds;
            try
            {
                _parser.Parse(input);
            }
            catch (Exception e)
            {
                if (!_parser.Allowed.Any(type => type.IsInstanceOfType(e))) { return Report(e.ToString(), input); }
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > _parser.MostBytes + (100L * input.Length)) { return Report($"allocates {allocated} bytes", input); }
            long used = (ThreadClock.Nanoseconds - began) / 1_000_000;
            if (used > MostProcessorTime.TotalMilliseconds) { return Report($"takes {used} ms", input); }
            Interlocked.Increment(ref _done);
        }

        return null;
    }

    private string Report(string what, byte[] input) => $"{_parser.Name}: {what}\nThe input, {input.Length} bytes in base64:\n{Convert.ToBase64String(input)}";
}
