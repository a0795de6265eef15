using System.Buffers;
using LaionStream.Engine.Codings;
using ZstdSharp;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>Decompresses consecutive zstd frames and, unlike the package's own stream, reports whether it is at the end of a frame.</summary>
internal sealed class ZstdFrameStream : ForwardStream
{
    private const int InputBytes = 64 << 10;

    private readonly Stream _feed;
    private readonly Decompressor _decompressor = new();
    private readonly byte[] _input = new byte[InputBytes];
    private int _next;
    private int _end;
    private bool _mayHoldMore;

    /// <summary>Creates a stream over the frames.</summary>
    /// <param name="feed">The frames; left open.</param>
    /// <param name="dictionary">Dictionary of all frames, or empty.</param>
    public ZstdFrameStream(Stream feed, ReadOnlySpan<byte> dictionary)
    {
        _feed = feed;
        if (!dictionary.IsEmpty)
        {
            _decompressor.LoadDictionary(dictionary);
        }
    }

    /// <summary>Whether every frame begun so far has ended.</summary>
    public bool AtFrameEnd { get; private set; } = true;

    /// <summary>Decompressed bytes of the frame that has begun and not yet ended.</summary>
    public long BytesOfOpenFrame { get; private set; }

    /// <summary>Reads decompressed bytes; requests input only after all output of the earlier input has been returned.</summary>
    /// <exception cref="InvalidDataException">A frame is damaged, or garbage follows one.</exception>
    /// <exception cref="EndOfStreamException">The input ends inside a frame.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_next == _end && !_mayHoldMore)
            {
                (_next, _end) = (0, await _feed.ReadAsync(_input, cancellationToken));
                if (_end == 0)
                {
                    return AtFrameEnd ? 0 : throw new EndOfStreamException();
                }
            }

            OperationStatus status = _decompressor.UnwrapStream(_input.AsSpan(_next, _end - _next), buffer.Span, out int consumed, out int written);
            _next += consumed;
            AtFrameEnd = status == OperationStatus.Done;
            BytesOfOpenFrame = AtFrameEnd ? 0 : BytesOfOpenFrame + written;
            _mayHoldMore = status is not (OperationStatus.Done or OperationStatus.InvalidData) && written == buffer.Length;
            if (written > 0)
            {
                return written;
            }

            if (status == OperationStatus.InvalidData)
            {
                throw new InvalidDataException("A zstd frame is damaged, or garbage follows one.");
            }
        }
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Frames are read asynchronously.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decompressor.Dispose();
        }

        base.Dispose(disposing);
    }
}
