namespace LaionStream.Engine.Inputs.Opening;

/// <summary>
/// Random access to a remote file: blocks are requested when needed (<c>Range</c>), and the most recently used ones are cached. A request that breaks or fails
/// temporarily is resumed as in <see cref="RemoteStream"/>.
/// </summary>
internal sealed class RemoteFile : Stream
{
    private const int BlockBytes = 1 << 20;

    // A list's columns are read in parallel, each from its own position.
    private const int UsualBlocks = 48;

    private readonly Func<RemotePart, RemoteStream> _open;
    private readonly Dictionary<long, Block> _blocks = [];
    private readonly Stack<byte[]> _spare = [];
    private RemoteVersion? _version;
    private long _length;
    private long _uses;
    private int _most = UsualBlocks;

    private RemoteFile(Func<RemotePart, RemoteStream> open) => _open = open;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get; set; }

    /// <summary>Reads the first block, which gives the file's length.</summary>
    /// <param name="open">Opens a part of the file.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">The server refuses, does not support ranges, or remains unreachable.</exception>
    public static async ValueTask<RemoteFile> OpenAsync(Func<RemotePart, RemoteStream> open, CancellationToken stop)
    {
        var file = new RemoteFile(open) { _length = BlockBytes };
        await file.FetchAsync(0, 1, stop);
        return file;
    }

    /// <summary>Loads a range, so that reading it needs no request. Other blocks may be evicted, least recently used first.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="length">Number of bytes; bytes beyond the file's end are not requested.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">The server refuses or remains unreachable.</exception>
    public async ValueTask LoadAsync(long start, long length, CancellationToken stop)
    {
        long end = Math.Min(start + length, _length);
        if (start >= end)
        {
            return;
        }

        (long first, long last) = (start / BlockBytes, (end - 1) / BlockBytes);
        for (long block = first; block <= last; block++)
        {
            if (_blocks.TryGetValue(block, out Block? known))
            {
                known.LastUse = ++_uses;
                continue;
            }

            int count = 1;
            while (block + count <= last && !_blocks.ContainsKey(block + count))
            {
                count++;
            }

            await FetchAsync(block, count, stop);
            block += count - 1;
        }

        _most = Math.Max(_most, UsualBlocks + (int)(last - first)); // blocks that were loaded just before, such as a dictionary, have to stay as well
        Forget();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await LoadAsync(Position, Math.Min(buffer.Length, BlockBytes), cancellationToken);
        return Read(buffer.Span);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The position was not loaded: the file's metadata does not match its content.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (Position >= _length || buffer.IsEmpty)
        {
            return 0;
        }

        if (!_blocks.TryGetValue(Position / BlockBytes, out Block? block))
        {
            throw new InvalidDataException($"Byte {Position} is outside the ranges that the file's metadata announces.");
        }

        int at = (int)(Position % BlockBytes);
        int most = (int)Math.Min(Math.Min(buffer.Length, BlockBytes - at), _length - Position);
        block.Bytes.AsSpan(at, most).CopyTo(buffer);
        Position += most;
        return most;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask FetchAsync(long first, int count, CancellationToken stop)
    {
        long end = (first * BlockBytes) + Math.Min((long)count * BlockBytes, _length - (first * BlockBytes)); // a server may claim any length
        await using RemoteStream part = _open(new RemotePart(first * BlockBytes, end, _version));
        await part.OpenAsync(stop);
        if (_version is null)
        {
            _version = part.Version;
            _length = part.Version?.Length ?? 0; // an empty file has no ranges; the server only reports its length
            end = Math.Min(end, _length);
        }

        for (long block = first; end - (block * BlockBytes) > 0 && block < first + count; block++)
        {
            byte[] bytes = _spare.TryPop(out byte[]? spare) ? spare : new byte[BlockBytes];
            await part.ReadExactlyAsync(bytes.AsMemory(0, (int)Math.Min(BlockBytes, end - (block * BlockBytes))), stop);
            _blocks[block] = new Block(bytes) { LastUse = ++_uses };
        }
    }

    private void Forget()
    {
        while (_blocks.Count > _most)
        {
            (long number, Block oldest) = _blocks.MinBy(block => block.Value.LastUse);
            _blocks.Remove(number);
            if (_spare.Count < UsualBlocks)
            {
                _spare.Push(oldest.Bytes);
            }
        }
    }

    private sealed class Block(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public long LastUse { get; set; }
    }
}
