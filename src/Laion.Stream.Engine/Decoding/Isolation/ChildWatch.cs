namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>Ends children that exceed their limits, from its own thread: the pool's threads may all be waiting for children.</summary>
internal sealed class ChildWatch : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _work = new();
    private readonly List<DecodeChild> _working = [];
    private Thread? _thread;
    private volatile bool _ended;

    /// <summary>A child starts to work.</summary>
    public void Begin(DecodeChild child)
    {
        lock (_gate)
        {
            _working.Add(child);
            _work.Set();
            if (_thread is not null) { return; }

            _thread = new Thread(Watch) { IsBackground = true, Name = "decoder watch" };
            _thread.Start();
        }
    }

    /// <summary>A child has answered or ended.</summary>
    public void End(DecodeChild child)
    {
        lock (_gate)
        {
            _working.Remove(child);
            if (_working.Count == 0 && !_ended) { _work.Reset(); }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _work.Set();
        }

        _thread?.Join();
        _work.Dispose();
    }

    private void Watch()
    {
        while (!_ended)
        {
            _work.Wait();
            DecodeChild[] working;
            lock (_gate) { working = [.. _working]; }
            foreach (DecodeChild child in working) { child.Check(); }
            Thread.Sleep(Poll);
        }
    }
}
