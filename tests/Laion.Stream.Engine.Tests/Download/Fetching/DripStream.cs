namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>A body whose first bytes arrive at once and the rest at a fixed rate.</summary>
internal sealed class DripStream(TimeProvider clock, long atOnce, int perSecond) : Stream
{
    private long _atOnce = atOnce;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_atOnce > 0)
        {
            int burst = (int)Math.Min(buffer.Length, _atOnce);
            _atOnce -= burst;
            return burst;
        }

        await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
        return Math.Min(buffer.Length, perSecond);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
