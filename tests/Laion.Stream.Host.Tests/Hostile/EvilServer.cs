using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LaionStream.Demo;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Applies one kind of fault to every client, on its own port.</summary>
internal sealed class EvilServer : IAsyncDisposable
{
    private const int FrameHeader = 9;
    private const int Preface = 24;

    private readonly EvilKind _kind;
    private readonly X509Certificate2 _certificate;
    private readonly SocketServer _server;

    /// <summary>Starts listening.</summary>
    /// <param name="kind">The fault.</param>
    /// <param name="certificate">For the kinds that use TLS.</param>
    public EvilServer(EvilKind kind, X509Certificate2 certificate)
    {
        (_kind, _certificate) = (kind, certificate);
        _server = new SocketServer(ServeAsync);
    }

    /// <summary>The port of 127.0.0.1.</summary>
    public int Port => _server.Port;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        try
        {
            await using var network = new NetworkStream(client, ownsSocket: true);
            await TalkAsync(client, network, stop);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or AuthenticationException or ObjectDisposedException)
        {
            client.Dispose(); // the server stops, or the client closed: these conversations end in both ways
        }
    }

    private async Task TalkAsync(Socket client, NetworkStream network, CancellationToken stop)
    {
        if (_kind.Wire is EvilWire.Accepted or EvilWire.Handshake)
        {
            await _kind.Play(new EvilTalk(client, network, 0, stop));
            return;
        }

        if (_kind.Wire == EvilWire.Plain)
        {
            if (await ReadRequestAsync(network, stop)) { await _kind.Play(new EvilTalk(client, network, 0, stop)); }
            return;
        }

        await using var tls = new SslStream(network, leaveInnerStreamOpen: true);
        SslApplicationProtocol[] protocols = _kind.Wire == EvilWire.Tls ? [SslApplicationProtocol.Http11]
            : [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, ApplicationProtocols = [.. protocols] },
            stop);
        if (_kind.Wire == EvilWire.Tls)
        {
            if (await ReadRequestAsync(tls, stop)) { await _kind.Play(new EvilTalk(client, tls, 0, stop)); }
        }
        else if (tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2) // a client that retries with HTTP/1.1 gets the same
        {
            await FrameAsync(client, tls, stop);
        }
    }

    private async Task FrameAsync(Socket client, SslStream tls, CancellationToken stop)
    {
        int id = 1;
        if (_kind.Wire == EvilWire.Frames)
        {
            await tls.ReadExactlyAsync(new byte[Preface], stop);
            await tls.WriteAsync(Frame.Of(Frame.Settings, 0, 0), stop);
            (byte type, int stream) = await ReadFrameAsync(tls, stop);
            while (type != Frame.Headers) { (type, stream) = await ReadFrameAsync(tls, stop); }
            id = stream;
        }

        // From now on the client's bytes are read and not answered: a client that cannot write is another kind of fault.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task drain = DrainAsync(tls, ended.Token);
        try
        {
            await _kind.Play(new EvilTalk(client, tls, id, ended.Token));
            await Task.WhenAny(drain, Task.Delay(300, stop)); // what was sent arrives before the end of the connection
        }
        finally
        {
            await ended.CancelAsync();
            await drain;
        }
    }

    private static async Task DrainAsync(SslStream tls, CancellationToken ended)
    {
        try
        {
            var buffer = new byte[4096];
            while (await tls.ReadAsync(buffer, ended) > 0)
            {
                // nothing in it matters
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return; // the conversation is over
        }
    }

    private static async Task<(byte Type, int Stream)> ReadFrameAsync(SslStream tls, CancellationToken stop)
    {
        var header = new byte[FrameHeader];
        await tls.ReadExactlyAsync(header, stop);
        await tls.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]], stop);
        return (header[3], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue);
    }

    private static async Task<bool> ReadRequestAsync(Stream stream, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        string? line = await reader.ReadLineAsync(stop);
        while (!string.IsNullOrEmpty(line)) { line = await reader.ReadLineAsync(stop); }
        return line is not null;
    }
}
