namespace LaionStream.Search.Index;

/// <summary>Counts the calls that use something, and ends it when it was closed and the last call has returned: mapped memory must not go while it is read.</summary>
internal sealed class UseCount(Action end)
{
    private readonly Lock _sync = new();
    private int _uses;
    private bool _isClosed;

    /// <summary>Begins a call.</summary>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public Use Enter()
    {
        lock (_sync)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(VectorIndex));
            _uses++;
        }

        return new Use(this);
    }

    /// <summary>Lets no further call begin. May be called again.</summary>
    public void Close()
    {
        lock (_sync)
        {
            if (_isClosed) { return; }

            _isClosed = true;
            if (_uses > 0) { return; }
        }

        end();
    }

    private void Leave()
    {
        lock (_sync)
        {
            if (--_uses > 0 || !_isClosed) { return; }
        }

        end();
    }

    /// <summary>A call in progress.</summary>
    public readonly struct Use(UseCount of) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => of.Leave();
    }
}
