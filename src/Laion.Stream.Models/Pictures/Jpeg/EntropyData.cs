using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// The entropy-coded bytes between two markers, copied without their stuffing and followed by zeros, so that a reader needs no check per byte.
/// Reading beyond the end gives zeros, as in libjpeg; a reader checks <see cref="Ran"/> after each MCU.
/// </summary>
/// <param name="file">The whole file.</param>
internal sealed unsafe class EntropyData(ReadOnlyMemory<byte> file) : IDisposable
{
    /// <summary>
    /// Zeros after the data. An MCU has at most 10 blocks and a block at most 64 codes of at most 17 + 15 bits, 2,560 bytes in all; a progressive block adds at
    /// most 63 correction bits. No MCU is started beyond the end, so a reader never passes end + 2,560 + 8 + 16, and each load reads 8 bytes more.
    /// </summary>
    public const int Padding = 4096;

    private readonly int _capacity = file.Length + Padding;
    private nint _memory;
    private int _length;
    private int _start;

    /// <summary>The code of the marker after the data; 0 at the end of the file.</summary>
    public byte Marker { get; private set; }

    /// <summary>Offset of <see cref="Marker"/> in the file; the file's length at its end.</summary>
    public int MarkerOffset { get; private set; }

    /// <summary>The reader's position.</summary>
    public BitState State;

    /// <summary>The first byte; valid until the next <see cref="Begin"/>.</summary>
    public ref byte First
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory == 0, this);
            return ref *(byte*)_memory;
        }
    }

    /// <summary>Whether more bits were read than there are.</summary>
    public bool Ran => State.Consumed > (long)_length * 8;

    /// <summary>Copies the data from <paramref name="offset"/> up to the next marker, and starts there.</summary>
    public void Begin(int offset)
    {
        ReadOnlySpan<byte> source = file.Span;
        if (_memory == 0) { _memory = PixelMemory.Rent(_capacity); }
        Span<byte> bytes = Bytes;
        _start = offset;
        _length = 0;
        State = default;
        for (int at = offset; ;)
        {
            int plain = source[at..].IndexOf((byte)0xFF);
            ReadOnlySpan<byte> run = plain < 0 ? source[at..] : source.Slice(at, plain);
            run.CopyTo(bytes[_length..]);
            _length += run.Length;
            at = SkipFill(source, at + run.Length);
            if (at >= source.Length || source[at] != 0)
            {
                (Marker, MarkerOffset) = at >= source.Length ? ((byte)0, source.Length) : (source[at], at);
                break;
            }

            bytes[_length++] = 0xFF;
            at++;
        }

        bytes.Slice(_length, Padding).Clear();
    }

    /// <summary>Leaves the marker where it is and the data empty: what follows the marker belongs to a later interval.</summary>
    public void BeginEmpty()
    {
        Bytes[..Padding].Clear();
        _length = 0;
        _start = MarkerOffset;
        State = default;
    }

    /// <summary>The complete bytes that were not read: their number, whether all are zero or fill, and their offset in the file.</summary>
    public (int Count, bool Padding, int Offset) Left()
    {
        int next = (int)Math.Min((State.Consumed + 7) >> 3, _length);
        ReadOnlySpan<byte> left = Bytes.Slice(next, _length - next);
        return (left.Length, !left.ContainsAnyExcept((byte)0, (byte)0xFF), left.IsEmpty ? MarkerOffset : FileOffset(next));
    }

    /// <summary>The reader's offset in the file, for a warning: the copied bytes are counted again, with their stuffing.</summary>
    public int Offset() => FileOffset((int)Math.Min(State.Consumed >> 3, _length));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_memory == 0) { return; }
        PixelMemory.Return(_memory, _capacity);
        _memory = 0;
    }

    private Span<byte> Bytes => new((void*)_memory, _memory == 0 ? 0 : _capacity);

    private static int SkipFill(ReadOnlySpan<byte> source, int at)
    {
        while (at < source.Length && source[at] == 0xFF) { at++; }
        return at;
    }

    private int FileOffset(int copied)
    {
        ReadOnlySpan<byte> source = file.Span;
        int at = _start;
        for (int left = copied; left > 0;)
        {
            int plain = source[at..].IndexOf((byte)0xFF);
            if (plain < 0 || plain >= left) { return at + left; }
            at = SkipFill(source, at + plain) + 1;
            left -= plain + 1;
        }

        return at;
    }
}
