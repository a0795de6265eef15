using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LaionStream.Demo;

namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>A server on loopback that answers HTTP/1.1 requests with bytes from a test, one after the other on each connection.</summary>
internal sealed class RawAnswers : IAsyncDisposable
{
    private readonly Func<string, byte[]?> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly SocketServer _server;

    private RawAnswers(Func<string, byte[]?> answer, X509Certificate2? certificate)
    {
        (_answer, _certificate) = (answer, certificate);
        _server = new SocketServer(ServeAsync);
    }

    /// <summary>Such as <c>http://127.0.0.1:40123/</c>.</summary>
    public string BaseAddress => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{_server.Port}/";

    public int Port => _server.Port;

    public int Connections => _server.Connections;

    /// <summary>Bytes per send; 0 sends each answer at once.</summary>
    public int Piece { get; init; }

    /// <summary>Starts listening.</summary>
    /// <param name="answer">Answers a request's header; null to close the connection.</param>
    /// <param name="certificate">For TLS; it negotiates HTTP/1.1.</param>
    /// <param name="piece">Bytes per send; 0 sends each answer at once.</param>
    public static RawAnswers Start(Func<string, byte[]?> answer, X509Certificate2? certificate = null, int piece = 0) =>
        new(answer, certificate) { Piece = piece };

    /// <summary>An answer with a body of a known length.</summary>
    /// <param name="head">Status line and fields, without the empty line.</param>
    /// <param name="body">The body.</param>
    public static byte[] Answer(string head, ReadOnlySpan<byte> body) =>
        [.. Encoding.Latin1.GetBytes($"{head}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        client.NoDelay = true;
        await using Stream plain = new NetworkStream(client, ownsSocket: true);
        try
        {
            if (_certificate is null)
            {
                await TalkAsync(plain, stop);
                return;
            }

            await using var tls = new SslStream(plain);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, stop);
            await TalkAsync(tls, stop);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client closed, or the test is over: these conversations end in both ways.
        }
    }

    private async Task TalkAsync(Stream stream, CancellationToken stop)
    {
        var held = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            int end;
            while ((end = held.ToArray().AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
            {
                int read = await stream.ReadAsync(buffer, stop);
                if (read == 0) { return; }
                held.AddRange(buffer.AsSpan(0, read));
            }

            string request = Encoding.Latin1.GetString([.. held[..(end + 4)]]);
            held.RemoveRange(0, end + 4);
            if (_answer(request) is not { } answer) { return; }
            int piece = Piece == 0 ? Math.Max(1, answer.Length) : Piece;
            for (int at = 0; at < answer.Length; at += piece)
            {
                await stream.WriteAsync(answer.AsMemory(at, Math.Min(piece, answer.Length - at)), stop);
                await stream.FlushAsync(stop);
            }
        }
    }
}
