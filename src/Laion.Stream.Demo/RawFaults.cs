using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LaionStream.Demo;

/// <summary>A plain socket on 127.0.0.1 that misbehaves as no HTTP server library would; the request's path selects the fault.</summary>
internal sealed class RawFaults : IAsyncDisposable
{
    /// <summary>Closes after the request without sending a byte (<c>connect_failed</c>).</summary>
    public const string Close = "/close";

    /// <summary>Resets the connection after the request (<c>connect_failed</c>).</summary>
    public const string Reset = "/reset";

    /// <summary>Sends a status line and half of the announced body, then resets (<c>incomplete_body</c>).</summary>
    public const string ResetMidBody = "/reset-mid-body";

    /// <summary>Sends header fields without end (<c>too_large</c>).</summary>
    public const string EndlessHeaders = "/endless-headers";

    /// <summary>Sends one byte of a header line every 100 ms (<c>timeout</c>).</summary>
    public const string SlowHeaders = "/slow-headers";

    /// <summary>Answers with something that is not HTTP (<c>connect_failed</c>).</summary>
    public const string Garbage = "/garbage";

    /// <summary>Sends a chunk size that is not a number (<c>incomplete_body</c>).</summary>
    public const string BadChunk = "/bad-chunk";

    /// <summary>Sends interim answers (100 Continue) without end (<c>too_large</c>: they count as header).</summary>
    public const string EndlessInterim = "/endless-interim";

    /// <summary>Announces 20,000 bytes and sends the whole picture: the client keeps only the bytes that were announced.</summary>
    public const string TooLong = "/too-long";

    private readonly SocketServer _server;
    private readonly bool _silent;

    private RawFaults(bool silent)
    {
        _silent = silent;
        _server = new SocketServer(ServeAsync);
    }

    /// <summary>The server's address, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{_server.Port}/");

    /// <summary>Connections accepted so far.</summary>
    public int Connections => _server.Connections;

    /// <summary>Starts listening.</summary>
    /// <param name="silent">Accepts, and neither reads nor writes, on every path: also what a TLS client sees of a stalled handshake.</param>
    public static RawFaults Start(bool silent = false) => new(silent);

    /// <summary>A port of 127.0.0.1 on which nothing listens at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        try
        {
            using (client)
            {
                if (_silent)
                {
                    await Task.Delay(Timeout.Infinite, stop);
                    return;
                }

                await AnswerAsync(client, await ReadPathAsync(client, stop), stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            client.Dispose(); // stopping, or the client closed: these conversations end in both ways
        }
    }

    private static async Task<string> ReadPathAsync(Socket client, CancellationToken stop)
    {
        var buffer = new byte[8192];
        int count = 0;
        while (buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8) < 0 && count < buffer.Length)
        {
            int read = await client.ReceiveAsync(buffer.AsMemory(count), stop);
            if (read == 0) { return ""; }
            count += read;
        }

        string[] line = Encoding.Latin1.GetString(buffer, 0, count).Split(' ', 3);
        return line.Length == 3 ? line[1] : "";
    }

    private static async Task AnswerAsync(Socket client, string path, CancellationToken stop)
    {
        ReadOnlyMemory<byte> picture = LoopbackFaults.SoundPicture;
        switch (path)
        {
            case Reset:
                client.LingerState = new LingerOption(true, 0);
                break;
            case ResetMidBody:
                await SendAsync(client, $"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {picture.Length}\r\n\r\n", stop);
                await client.SendAsync(picture[..(picture.Length / 2)], stop);
                await Task.Delay(200, stop); // a reset discards what the client has not read yet, the headers included
                client.LingerState = new LingerOption(true, 0);
                break;
            case EndlessHeaders:
                await SendAsync(client, "HTTP/1.1 200 OK\r\n", stop);
                while (true) { await SendAsync(client, "X-More: " + new string('x', 1000) + "\r\n", stop); }
            case SlowHeaders:
                await SendAsync(client, "HTTP/1.1 200 OK\r\nX-Slow: ", stop);
                while (true)
                {
                    await SendAsync(client, "x", stop);
                    await Task.Delay(100, stop);
                }

            case Garbage:
                await SendAsync(client, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" + new string('?', 2000), stop);
                break;
            case BadChunk:
                await SendAsync(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot-a-number\r\n", stop);
                break;
            case EndlessInterim:
                while (true) { await SendAsync(client, "HTTP/1.1 100 Continue\r\n\r\n", stop); }
            case TooLong:
                await SendAsync(client, "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 20000\r\n\r\n", stop);
                await client.SendAsync(picture, stop);
                break;
            case { } lengths when AnnouncedLength.Find(lengths) is not null:
                await client.SendAsync(AnnouncedLength.Parse(lengths).OverHttp1(), stop);
                if (lengths.Contains("-open", StringComparison.Ordinal)) { await Task.Delay(Timeout.Infinite, stop); }
                break;
            default:
                break; // Close and unknown paths: not a byte
        }
    }

    private static async Task SendAsync(Socket client, string text, CancellationToken stop) => await client.SendAsync(Encoding.Latin1.GetBytes(text), stop);
}
