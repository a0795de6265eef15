using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Decoding;

/// <summary>
/// The budget bytes of a picture that was made to be stored: its fetched body's lease, and of its pixels' lease what the file has beyond that. Both only
/// shrink: a decode worker that waited for bytes of bodies would wait for bodies that wait for a decode worker.
/// </summary>
internal sealed class StoredLease : IDisposable
{
    private readonly ByteLease? _body;
    private readonly ByteLease _pixels;

    /// <summary>Takes both leases and lets them count the file.</summary>
    /// <param name="body">The body's; null when no budget applies to it.</param>
    /// <param name="pixels">The pixels', with at least the bytes of the file.</param>
    /// <param name="bytes">Size of the file.</param>
    public StoredLease(ByteLease? body, ByteLease pixels, long bytes)
    {
        (_body, _pixels) = (body, pixels);
        long covered = Math.Min(body?.Bytes ?? 0, bytes);
        body?.TryResize(covered);
        pixels.TryResize(Math.Min(bytes - covered, pixels.Bytes));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _body?.Dispose();
        _pixels.Dispose();
    }
}
