using System.Buffers.Binary;
using System.IO.Compression;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>
/// Decompresses gzip and detects a truncated file, which <see cref="GZipStream"/> treats as a normal end: the last four bytes of a member are its size
/// (RFC 1952 2.3.1). Files of several members are not checked, because <see cref="GZipStream"/> does not reveal where a member ends.
/// </summary>
internal sealed class GunzipStream : PassThroughStream
{
    private readonly StoredBytes _stored;
    private long _size;

    private GunzipStream(StoredBytes stored) : base(new GZipStream(stored, CompressionMode.Decompress)) => _stored = stored;

    /// <summary>Wraps a compressed stream, which is disposed with this one.</summary>
    public static GunzipStream Over(Stream compressed) => new(new StoredBytes(compressed));

    /// <inheritdoc/>
    protected override void Saw(ReadOnlySpan<byte> bytes)
    {
        _size += bytes.Length;
        if (bytes.IsEmpty && _stored.IsCut((uint)_size))
        {
            throw new InvalidDataException("The compressed data end too early.");
        }
    }

    private sealed class StoredBytes(Stream inner) : PassThroughStream(inner)
    {
        private const int HeaderBytes = 10;

        private static ReadOnlySpan<byte> Magic => [0x1F, 0x8B, 0x08];

        // The last bytes read, for headers and the trailer that span two reads.
        private readonly byte[] _last = new byte[HeaderBytes - 1];
        private long _length;
        private bool _hasMembers;

        /// <summary>Whether the trailer of a single member states another size than <paramref name="size"/> bytes (modulo 2^32).</summary>
        public bool IsCut(uint size) => _length > 0 && !_hasMembers && BinaryPrimitives.ReadUInt32LittleEndian(_last.AsSpan(_last.Length - sizeof(uint))) != size;

        /// <inheritdoc/>
        protected override void Saw(ReadOnlySpan<byte> bytes)
        {
            if (!_hasMembers)
            {
                Span<byte> seam = stackalloc byte[2 * (HeaderBytes - 1)];
                _last.CopyTo(seam);
                int head = Math.Min(bytes.Length, HeaderBytes - 1);
                bytes[..head].CopyTo(seam[_last.Length..]);
                int behindFirst = _length <= _last.Length ? _last.Length - (int)_length + 1 : 0; // the file's own header does not indicate another member
                _hasMembers = (_length > 0 && HasHeader(seam[behindFirst..(_last.Length + head)])) || HasHeader(_length == 0 && bytes.Length > 0 ? bytes[1..] : bytes);
            }

            _length += bytes.Length;
            int kept = Math.Min(bytes.Length, _last.Length);
            _last.AsSpan(kept).CopyTo(_last);
            bytes[^kept..].CopyTo(_last.AsSpan(_last.Length - kept));
        }

        // Magic, method, flags, any time, a valid level and system: occurs by chance once in 10^11 bytes.
        private static bool HasHeader(ReadOnlySpan<byte> bytes)
        {
            while (bytes.IndexOf(Magic) is >= 0 and int at && bytes.Length - at >= HeaderBytes)
            {
                bytes = bytes[at..];
                if (bytes[3] <= 0x1F && bytes[8] is 0 or 2 or 4 && bytes[9] is <= 13 or 255)
                {
                    return true;
                }

                bytes = bytes[1..];
            }

            return false;
        }
    }
}
