using System.IO.Compression;

namespace LaionStream.Engine.Codings;

/// <summary>
/// Removes the coding <c>deflate</c>, which means zlib (RFC 9110 8.4.1.2); some servers send the compressed data without zlib's header, which the first two
/// bytes show: encoders never start raw data with what looks like one.
/// </summary>
/// <param name="coded">The coded body; disposed with this stream.</param>
internal sealed class DeflateBody(Stream coded) : ForwardStream
{
    private Stream? _body;

    /// <summary>Whether coded data start with zlib's header (RFC 1950 2.2): method 8 with a window of at most 32 KiB, and a multiple of 31.</summary>
    public static bool IsZlib(ReadOnlySpan<byte> coded) =>
        coded.Length >= 2 && (coded[0] & 0x0f) == 8 && coded[0] >> 4 <= 7 && ((coded[0] << 8) | coded[1]) % 31 == 0;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_body is null)
        {
            byte[] start = new byte[2];
            Begin(start, coded.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        }

        return _body!.Read(buffer);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_body is null)
        {
            byte[] start = new byte[2];
            Begin(start, await coded.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken));
        }

        return await _body!.ReadAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) { (_body ?? coded).Dispose(); }
        base.Dispose(disposing);
    }

    private void Begin(byte[] start, int count)
    {
        Stream whole = new PrefixedStream(start.AsMemory(0, count), coded);
        _body = IsZlib(start.AsSpan(0, count)) ? new ZLibStream(whole, CompressionMode.Decompress) : new DeflateStream(whole, CompressionMode.Decompress);
    }
}
