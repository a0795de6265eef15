using LaionStream.Models.Onnx;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>
/// Runs a parser on its own thread and watches it: an input that takes longer or allocates more than it may, or causes an undocumented exception,
/// is printed completely.
/// A thread that hangs is abandoned, because nothing can end it; the test fails.
/// </summary>
internal sealed class WatchedParser
{
    /// <summary>Processor time limit of one input: a damaged file of kilobytes is read in a millisecond.</summary>
    private static readonly TimeSpan MostProcessorTime = TimeSpan.FromSeconds(1);

    /// <summary>Time after which an input counts as hanging: the processor may be busy with other tests.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly ByteParser _parser;
    private readonly Task<string?> _thread;
    private byte[] _current = [];
    private long _done;
    private long _lastDone = -1;
    private DateTime _lastStep = DateTime.UtcNow;

    /// <summary>Starts the thread.</summary>
    /// <param name="parser">The parser.</param>
    /// <param name="inputs">What it reads, one after the other. They are made on the same thread, which would else wait for each.</param>
    public WatchedParser(ByteParser parser, IEnumerable<byte[]> inputs)
    {
        _parser = parser;
        _thread = Task.Factory.StartNew(() => Run(inputs), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Inputs read.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Waits for the end of the inputs, or until one violates a property.</summary>
    /// <returns>What went wrong, with the input; null when nothing did.</returns>
    public string? Finish()
    {
        while (!_thread.Wait(TimeSpan.FromMilliseconds(200)))
        {
            if (IsLate()) { return Report("takes longer than it may", _current); }
        }

        return _thread.Result;
    }

    private bool IsLate()
    {
        if (Done != _lastDone) { (_lastDone, _lastStep) = (Done, DateTime.UtcNow); }
        return DateTime.UtcNow - _lastStep > Longest;
    }

    private string? Run(IEnumerable<byte[]> inputs)
    {
        foreach (byte[] input in inputs)
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
