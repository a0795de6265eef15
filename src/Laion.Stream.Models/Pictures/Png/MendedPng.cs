using System.Buffers.Binary;
using System.IO.Compression;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures.Png;

/// <summary>
/// The rows of a PNG in a valid zlib stream: the file up to its first IDAT chunk, then stored blocks of exactly the bytes that its data decompress to, with the
/// right checksums, and the end. A file whose zlib stream lacks its last block or its checksum, or has a wrong one, decodes from it to the pixels
/// that browsers show; if rows are missing it ends early, and the decoder reports that.
/// </summary>
/// <remarks>Generated while it is read: it buffers one block, whatever the picture's size.</remarks>
internal sealed class MendedPng : Stream
{
    private const int BlockBytes = 32 << 10;
    private const int MaxAround = 64; // bytes of a block other than its rows

    private readonly PngData _data;
    private readonly DeflateStream _rows;
    private readonly byte[] _block = new byte[BlockBytes + MaxAround];
    private ReadOnlyMemory<byte> _ready;
    private long _left;
    private uint _low = 1; // the two sums of Adler-32
    private uint _high;
    private bool _hasBegun;
    private bool _hasEnded;

    private MendedPng(ReadOnlyMemory<byte> body, PngData data, long rows)
    {
        (_data, _left) = (data, rows);
        _rows = new DeflateStream(data, CompressionMode.Decompress);
        _ready = body[..data.Start];
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Opens a file that does not decode.</summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header.</param>
    /// <returns>Null when something else is wrong with it.</returns>
    public static MendedPng? Open(ReadOnlyMemory<byte> body, in ImageHeader header) =>
        PngRows.BytesOf(header) is > 0 and long rows && PngData.Open(body) is { } data ? new MendedPng(body, data, rows) : null;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_ready.IsEmpty && !_hasEnded) { MakeBlock(); }
        int count = Math.Min(_ready.Length, buffer.Length);
        _ready.Span[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rows.Dispose();
            _data.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Writes an IDAT chunk with one stored block (RFC 1951, 3.2.4), and the end after the last row.</summary>
    private void MakeBlock()
    {
        int size = (int)Math.Min(BlockBytes, _left);
        int at = 8; // length and name
        if (!_hasBegun) { at += Put(at, [0x78, 0x01]); }
        _hasBegun = true;
        at += Put(at, [(byte)(_left == size ? 1 : 0), (byte)size, (byte)(size >> 8), (byte)~size, (byte)(~size >> 8)]);
        Span<byte> rows = _block.AsSpan(at, size);
        if (!TryInflate(rows))
        {
            _hasEnded = true;
            return;
        }

        at += size;
        _left -= size;
        AddToSums(rows);
        if (_left == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_block.AsSpan(at), (_high << 16) | _low);
            at += sizeof(uint);
        }

        BinaryPrimitives.WriteInt32BigEndian(_block, at - 8);
        Put(4, "IDAT"u8);
        BinaryPrimitives.WriteUInt32BigEndian(_block.AsSpan(at), PngCrc.Of("IDAT"u8, _block.AsSpan(8, at - 8)));
        at += sizeof(uint);
        if (_left == 0)
        {
            at += Put(at, [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82]);
            _hasEnded = true;
        }

        _ready = _block.AsMemory(0, at);
    }

    private int Put(int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_block.AsSpan(at));
        return bytes.Length;
    }

    private bool TryInflate(Span<byte> rows)
    {
        try
        {
            return _rows.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false) == rows.Length;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return false; // the data are broken before the last row: for the decoder the stream ends here
        }
    }

    private void AddToSums(ReadOnlySpan<byte> bytes)
    {
        const int MostBeforeOverflow = 5552; // RFC 1950: the most bytes whose sums stay within 32 bits
        const uint Modulus = 65521;
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> some = bytes[..Math.Min(bytes.Length, MostBeforeOverflow)];
            foreach (byte value in some)
            {
                _low += value;
                _high += _low;
            }

            _low %= Modulus;
            _high %= Modulus;
            bytes = bytes[some.Length..];
        }
    }
}
