namespace LaionStream.Engine.Inputs.Opening;

/// <summary>A window that moves over a stream of bytes or characters. It grows when a record does not fit, up to a limit.</summary>
/// <typeparam name="T">Byte or char.</typeparam>
/// <param name="read">Reads the next items; 0 at the end.</param>
/// <param name="limit">Maximum number of items in the window, and so of a record.</param>
internal sealed class ByteWindow<T>(Func<Memory<T>, CancellationToken, ValueTask<int>> read, int limit) where T : unmanaged
{
    private const int FirstSize = 1 << 16;

    private T[] _buffer = new T[Math.Min(FirstSize, limit)];
    private int _start;
    private int _end;

    /// <summary>The items that have been read and not consumed. Consumed items stay valid until <see cref="MoreAsync"/>.</summary>
    public ReadOnlyMemory<T> Window => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Whether the stream has ended.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Consumes items.</summary>
    public void Take(int count) => _start += count;

    /// <summary>Reads more items; false at the end of the stream, or when the window has reached its limit.</summary>
    public async ValueTask<bool> MoreAsync(CancellationToken stop)
    {
        if (AtEnd || (_end - _start) == limit)
        {
            return false;
        }

        T[] target = _end - _start == _buffer.Length ? new T[Math.Min(limit, _buffer.Length * 2)] : _buffer;
        Array.Copy(_buffer, _start, target, 0, _end - _start);
        (_buffer, _end, _start) = (target, _end - _start, 0);
        int count = await read(_buffer.AsMemory(_end), stop);
        _end += count;
        AtEnd = count == 0;
        return !AtEnd;
    }
}
