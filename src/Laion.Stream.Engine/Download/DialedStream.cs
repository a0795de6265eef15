using System.Net.Sockets;

namespace LaionStream.Engine.Download;

/// <summary>A connection that remembers whether its peer ever said anything.</summary>
internal sealed class DialedStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private volatile bool _answered;
    private volatile bool _closed;

    /// <summary>Whether the connection ended without a byte from the peer.</summary>
    public bool IsBarren => _closed && !_answered;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _answered ? base.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _closed = true;
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken abort)
    {
        int read = await base.ReadAsync(buffer, abort);
        if (read > 0) { _answered = true; }
        return read;
    }
}
