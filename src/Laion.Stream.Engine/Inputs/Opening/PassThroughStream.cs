using LaionStream.Engine.Codings;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>A sequential stream over another one, which it owns.</summary>
internal abstract class PassThroughStream(Stream inner) : ForwardStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        Saw(buffer[..count]);
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken);
        Saw(buffer.Span[..count]);
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Called with the bytes of each read; empty at the end.</summary>
    protected abstract void Saw(ReadOnlySpan<byte> bytes);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
