using System.Security.Cryptography;

namespace LaionStream.Engine.Output;

/// <summary>Counts the bytes that pass through and takes their SHA-256, so that a finished file need not be read again.</summary>
/// <param name="inner">Where the bytes go.</param>
/// <param name="hashes">Whether the digest is wanted.</param>
internal sealed class DigestStream(Stream inner, bool hashes = true) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytes;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _bytes;

    /// <inheritdoc/>
    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException();
    }

    /// <summary>Lower-case hex SHA-256 of what was written; ends the digest.</summary>
    public string FinishDigest() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Count(buffer);
    }

    private void Count(ReadOnlySpan<byte> buffer)
    {
        if (hashes) { _hash.AppendData(buffer); }
        _bytes += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        Count(buffer.Span);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Parquet.Net flushes before every page; the bytes are flushed to the disk once, when the file is complete.
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) { _hash.Dispose(); }
        base.Dispose(disposing);
    }
}
