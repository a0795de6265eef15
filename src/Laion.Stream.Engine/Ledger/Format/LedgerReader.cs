using System.Buffers.Binary;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// Reads the complete records of a ledger segment in order. It buffers one record at a time, because a segment may be larger than the largest array.
/// </summary>
internal sealed class LedgerReader : IDisposable
{
    private readonly FileStream _file;
    private readonly long _length;
    private byte[] _buffer = new byte[1 << 18];
    private int _start;
    private int _end;

    /// <summary>Opens a segment.</summary>
    /// <param name="path">The segment.</param>
    /// <param name="from">Byte offset to start at: the beginning of a record.</param>
    /// <param name="to">Byte offset to stop at: the end of a record; by default the end of the file.</param>
    public LedgerReader(string path, long from = 0, long to = long.MaxValue)
    {
        _file = HandleShortage.Retry(
            () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan));
        _file.Position = from;
        _length = Math.Min(to, _file.Length);
        Position = from;
    }

    /// <summary>The offset at which reading stops, in bytes from the beginning of the file.</summary>
    public long Length => _length;

    /// <summary>The offset after the last complete record that was read.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <param name="payload">The record without its frame; valid until the next call.</param>
    /// <returns>False when no complete record follows: at the end, or at a torn or damaged record.</returns>
    public bool TryNext(out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!TryFill(RecordBuffer.FrameBytes)) { return false; }

        int length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        if (length <= 0 || length > Array.MaxLength - RecordBuffer.FrameBytes || !TryFill(RecordBuffer.FrameBytes + length)) { return false; }

        ReadOnlySpan<byte> record = _buffer.AsSpan(_start, RecordBuffer.FrameBytes + length);
        if (RecordBuffer.Crc(record[RecordBuffer.FrameBytes..]) != BinaryPrimitives.ReadUInt32LittleEndian(record[4..])) { return false; }

        payload = record[RecordBuffer.FrameBytes..];
        _start += record.Length;
        Position += record.Length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool TryFill(int bytes)
    {
        if (bytes > _length - Position) { return false; } // checked before allocating: a torn length field may hold any number
        if (_end - _start >= bytes) { return true; } // what is buffered may go beyond the end that was asked for

        byte[] target = bytes > _buffer.Length ? new byte[(int)Math.Min(Array.MaxLength, Math.Max(bytes, 2L * _buffer.Length))] : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        (_buffer, _end, _start) = (target, _end - _start, 0);
        while (_end < bytes)
        {
            int read = _file.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0) { return false; }
            _end += read;
        }

        return true;
    }
}
