namespace LaionStream.Engine.Tests.Download.Network;

/// <summary>An endless body that arrives a byte at a time.</summary>
/// <param name="clock">Measures the time.</param>
/// <param name="perByte">The time between two bytes.</param>
internal sealed class DrippingStream(TimeProvider clock, TimeSpan perByte) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(perByte, clock, cancellationToken);
        buffer.Span[0] = 0;
        return 1;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
