using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Png;

/// <summary>The compressed picture of a PNG: the data of its IDAT chunks, concatenated, without the header of the zlib stream.</summary>
internal sealed class PngData : Stream
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;
    private const int ZlibHead = 2;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly List<Range> _chunks;
    private int _chunk;
    private int _at;

    private PngData(ReadOnlyMemory<byte> body, int start, List<Range> chunks) => (_body, Start, _chunks) = (body, start, chunks);

    /// <summary>Bytes of the file before the first IDAT chunk.</summary>
    public int Start { get; }

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

    /// <summary>Finds the chunks. A file may end inside the last one; its bytes then have no checksum, like those of a JPEG.</summary>
    /// <param name="body">The file.</param>
    /// <returns>Null when a checksum is wrong or there is no zlib stream: the bytes are not those that were written.</returns>
    public static PngData? Open(ReadOnlyMemory<byte> body)
    {
        var chunks = new List<Range>();
        int start = 0;
        long at = SignatureLength;
        while (at + ChunkOverhead - 4 < body.Length)
        {
            ReadOnlySpan<byte> chunk = body.Span[(int)at..];
            long length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..8].SequenceEqual("IDAT"u8))
            {
                if (chunks.Count == 0) { start = (int)at; }
                int there = (int)Math.Min(length, chunk.Length - 8);
                if (chunk.Length >= length + ChunkOverhead
                    && BinaryPrimitives.ReadUInt32BigEndian(chunk[(8 + there)..]) != PngCrc.Of("IDAT"u8, chunk.Slice(8, there)))
                {
                    return null;
                }
                chunks.Add(new Range((int)at + 8, (int)at + 8 + there));
            }
            else if (chunks.Count > 0)
            {
                break; // IDAT chunks are consecutive
            }

            at += ChunkOverhead + length;
        }

        var data = new PngData(body, start, chunks);
        Span<byte> head = stackalloc byte[ZlibHead];
        return data.ReadAtLeast(head, ZlibHead, throwOnEndOfStream: false) == ZlibHead && BeginsZlib(head) ? data : null;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_chunk < _chunks.Count)
        {
            ReadOnlySpan<byte> rest = _body.Span[_chunks[_chunk]][_at..];
            int count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            _at += count;
            if (count > 0 || buffer.IsEmpty) { return count; }
            (_chunk, _at) = (_chunk + 1, 0);
        }

        return 0;
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

    // RFC 1950: deflate, no dictionary, and both bytes a multiple of 31.
    private static bool BeginsZlib(ReadOnlySpan<byte> head) => (head[0] & 0x0F) == 8 && (head[1] & 0x20) == 0 && ((head[0] << 8) | head[1]) % 31 == 0;
}
