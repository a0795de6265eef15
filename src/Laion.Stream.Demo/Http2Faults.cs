using System.Buffers.Binary;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LaionStream.Demo;

/// <summary>
/// Speaks HTTP/2 over TLS on 127.0.0.1, frame by frame (RFC 9113), and misbehaves as no server library would; the request's path selects the fault.
/// Any other path is answered with a valid picture.
/// </summary>
/// <remarks>
/// Requests are distinguished by finding a known path in the header block: sufficient for clients that send strings without Huffman coding, as .NET's does.
/// </remarks>
internal sealed class Http2Faults : IAsyncDisposable
{
    /// <summary>GOAWAY that excludes the request, each time it is sent, then the end of the connection (<c>connect_failed</c>).</summary>
    public const string GoAway = "/h2-goaway-before";

    /// <summary>Half a body, then GOAWAY and the end of the connection (<c>incomplete_body</c>).</summary>
    public const string GoAwayMidBody = "/h2-goaway-mid";

    /// <summary>GOAWAY that includes the request as the last one, then its whole answer (no fault).</summary>
    public const string GoAwayPolitely = "/h2-goaway-polite";

    /// <summary>Half a body, then nothing more although the window is open (<c>too_slow</c>).</summary>
    public const string Stall = "/h2-stall";

    /// <summary>Takes the request and never answers (<c>timeout</c>).</summary>
    public const string Silent = "/h2-silent";

    /// <summary>
    /// Sends more than the stream's window allows before it is renewed (<c>incomplete_body</c>, or <c>too_large</c> if the limit is reached first).
    /// </summary>
    public const string Overrun = "/h2-overrun";

    /// <summary>RST_STREAM in the middle of the body (<c>incomplete_body</c>).</summary>
    public const string ResetMidBody = "/h2-reset-mid";

    /// <summary>RST_STREAM instead of an answer (<c>connect_failed</c>).</summary>
    public const string Reset = "/h2-reset-before";

    /// <summary>Endless CONTINUATION frames (<c>too_large</c>).</summary>
    public const string EndlessHeaders = "/h2-endless-headers";

    /// <summary>The start of a path that gives the lengths to announce and the bytes to send: <see cref="AnnouncedLength"/>.</summary>
    public const string Length = AnnouncedLength.Prefix;

    private const int OverrunBytes = 1 << 28;
    private const int FrameHeader = 9;
    private const int MaxFrame = 16_384; // RFC 9113 6.5.2, unless SETTINGS change it
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte RstStream = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAwayFrame = 7;
    private const byte Continuation = 9;
    private const byte Ack = 1;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int RefusedStream = 7;
    private const int Cancel = 8;

    private static readonly string[] Faults = [GoAwayMidBody, GoAwayPolitely, GoAway, Stall, Silent, Overrun, ResetMidBody, Reset, EndlessHeaders];
    private static readonly byte[] NoStreams = [0, 3, 0, 0, 0, 0]; // SETTINGS_MAX_CONCURRENT_STREAMS = 0
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly X509Certificate2 _certificate;
    private readonly bool _noStreams;
    private readonly SocketServer _server;

    private Http2Faults(X509Certificate2 certificate, bool noStreams)
    {
        _certificate = certificate;
        _noStreams = noStreams;
        _server = new SocketServer(ServeAsync);
    }

    /// <summary>The server's address, such as <c>https://127.0.0.1:40123/</c>.</summary>
    public Uri BaseAddress => new($"https://127.0.0.1:{_server.Port}/");

    /// <summary>Connections accepted so far.</summary>
    public int Connections => _server.Connections;

    /// <summary>Starts listening.</summary>
    /// <param name="certificate">With its private key.</param>
    /// <param name="noStreams">Allows its clients no stream at all (SETTINGS_MAX_CONCURRENT_STREAMS of 0) and refuses those that they open before they read
    /// this (no fault over HTTP/1.1).</param>
    public static Http2Faults Start(X509Certificate2 certificate, bool noStreams = false) => new(certificate, noStreams);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1);
        var answers = new List<Task>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var tls = new SslStream(new NetworkStream(client, ownsSocket: true));
        try
        {
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
            };
            await tls.AuthenticateAsServerAsync(options, ended.Token);
            if (tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            {
                await AnswerPlainlyAsync(tls, ended.Token);
                return;
            }

            await tls.ReadExactlyAsync(new byte[Preface.Length], ended.Token);
            var connection = new Connection(tls, turn, ended);
            await connection.SendAsync(Settings, 0, 0, _noStreams ? NoStreams : []);
            await ReadAsync(connection, answers);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or AuthenticationException or ObjectDisposedException)
        {
            // Stopping, or one side closed: these conversations end in both ways.
            await ended.CancelAsync();
        }

        await Task.WhenAll(answers);
    }

    // For clients that use HTTP/1.1 instead: one request, one answer, then the end. Faults that would be retried fail here too.
    private static async Task AnswerPlainlyAsync(SslStream tls, CancellationToken stop)
    {
        using var reader = new StreamReader(tls, Encoding.Latin1, leaveOpen: true);
        string request = await reader.ReadLineAsync(stop) ?? "";
        while (!string.IsNullOrEmpty(await reader.ReadLineAsync(stop)))
        {
            // the fields do not matter here
        }

        if (AnnouncedLength.Find(request) is { } lengths)
        {
            await tls.WriteAsync(AnnouncedLength.Parse(lengths).OverHttp1(), stop);
            return;
        }

        if (request.Contains(GoAway, StringComparison.Ordinal) || request.Contains(Reset, StringComparison.Ordinal)) { return; }
        bool isCut = request.Contains(GoAwayMidBody, StringComparison.Ordinal) || request.Contains(ResetMidBody, StringComparison.Ordinal);
        string more = request.Contains(EndlessHeaders, StringComparison.Ordinal)
            ? string.Concat(Enumerable.Repeat($"X-More: {new string('x', 1000)}\r\n", 100))
            : "";
        ReadOnlyMemory<byte> picture = LoopbackFaults.SoundPicture;
        int length = request.Contains(Overrun, StringComparison.Ordinal) ? OverrunBytes : picture.Length;
        await tls.WriteAsync(
            Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{more}Content-Type: image/png\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"), stop);
        await tls.WriteAsync(isCut ? picture[..(picture.Length / 2)] : picture, stop);
    }

    private async Task ReadAsync(Connection connection, List<Task> answers)
    {
        var header = new byte[FrameHeader];
        while (true)
        {
            await connection.Stream.ReadExactlyAsync(header, connection.Ended);
            var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
            await connection.Stream.ReadExactlyAsync(payload, connection.Ended);
            int stream = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue;
            switch (header[3])
            {
                case Settings when (header[4] & Ack) == 0:
                    await connection.SendAsync(Settings, Ack, 0, default);
                    break;
                case Ping when (header[4] & Ack) == 0:
                    await connection.SendAsync(Ping, Ack, 0, payload);
                    break;
                case Headers:
                    if (_noStreams)
                    {
                        await connection.SendAsync(RstStream, 0, stream, new byte[] { 0, 0, 0, RefusedStream });
                        break;
                    }

                    string text = Encoding.Latin1.GetString(payload);
                    string path = AnnouncedLength.Find(text) ?? Array.Find(Faults, fault => text.Contains(fault, StringComparison.Ordinal)) ?? "";
                    answers.Add(AnswerSafelyAsync(connection, stream, path));
                    break;
            }
        }
    }

    private static async Task AnswerSafelyAsync(Connection connection, int stream, string path)
    {
        try
        {
            await AnswerAsync(connection, stream, path);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            await connection.EndAsync(); // the client closed, or the server stops
        }
    }

    private static async Task AnswerAsync(Connection connection, int stream, string path)
    {
        ReadOnlyMemory<byte> picture = LoopbackFaults.SoundPicture;
        ReadOnlyMemory<byte> half = picture[..(picture.Length / 2)];
        switch (path)
        {
            case GoAway:
                await connection.SendGoAwayAsync(Math.Max(0, stream - 2));
                await Task.Delay(50, connection.Ended); // the answers in progress are sent first
                await connection.EndAsync();
                break;
            case GoAwayMidBody:
                await connection.SendHeadersAsync(stream, picture.Length);
                await connection.SendDataAsync(stream, half, isLast: false);
                await connection.SendGoAwayAsync(stream);
                await Task.Delay(200, connection.Ended);
                await connection.EndAsync();
                break;
            case GoAwayPolitely:
                await connection.SendGoAwayAsync(stream);
                await Task.Delay(50, connection.Ended);
                goto default;
            case Stall:
                await connection.SendHeadersAsync(stream, picture.Length);
                await connection.SendDataAsync(stream, half, isLast: false);
                break;
            case Silent:
                break;
            case Overrun:
                await connection.SendHeadersAsync(stream, OverrunBytes);
                byte[] flood = new byte[1 << 20];
                for (int i = 0; i < 256; i++) { await connection.SendDataAsync(stream, flood, isLast: false); }
                break;
            case ResetMidBody:
                await connection.SendHeadersAsync(stream, picture.Length);
                await connection.SendDataAsync(stream, half, isLast: false);
                await Task.Delay(100, connection.Ended); // a reset discards what the client has not read yet
                await connection.SendAsync(RstStream, 0, stream, new byte[] { 0, 0, 0, Cancel });
                break;
            case Reset:
                await connection.SendAsync(RstStream, 0, stream, new byte[] { 0, 0, 0, Cancel });
                break;
            case EndlessHeaders:
                await connection.SendAsync(Headers, 0, stream, new byte[] { 0x88 });
                byte[] field = FieldOf("x-more", new string('x', 4000));
                while (true) { await connection.SendAsync(Continuation, 0, stream, field); }
            case { } lengths when AnnouncedLength.Find(lengths) is not null:
                var announced = AnnouncedLength.Parse(lengths);
                byte[] fields = [.. announced.Lines.SelectMany(line => FieldOf(line.Name, line.Value))];
                await connection.SendAsync(Headers, EndHeaders, stream, (byte[])[0x88, .. fields]);
                await connection.SendDataAsync(stream, announced.Body, isLast: true);
                break;
            default:
                await connection.SendHeadersAsync(stream, picture.Length);
                await connection.SendDataAsync(stream, picture, isLast: true);
                break;
        }
    }

    /// <summary>A header field by RFC 7541 6.2.2: literal, not indexed, name and value without Huffman coding.</summary>
    private static byte[] FieldOf(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. LengthOf(value.Length), .. Encoding.ASCII.GetBytes(value)];

    /// <summary>An integer with a prefix of seven bits (RFC 7541 5.1).</summary>
    private static byte[] LengthOf(int value)
    {
        if (value < 127) { return [(byte)value]; }
        var bytes = new List<byte> { 127 };
        for (value -= 127; value >= 128; value >>= 7) { bytes.Add((byte)((value & 127) | 128)); }
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private sealed class Connection(SslStream stream, SemaphoreSlim turn, CancellationTokenSource ended)
    {
        public SslStream Stream => stream;

        public CancellationToken Ended { get; } = ended.Token;

        public Task SendHeadersAsync(int id, int length) =>
            SendAsync(Headers, EndHeaders, id,
                (byte[])[0x88, .. FieldOf("content-type", "image/png"), .. FieldOf("content-length", length.ToString(CultureInfo.InvariantCulture))]);

        public async Task SendDataAsync(int id, ReadOnlyMemory<byte> bytes, bool isLast)
        {
            while (true)
            {
                int count = Math.Min(MaxFrame, bytes.Length);
                bool isEnd = count == bytes.Length;
                await SendAsync(Data, isEnd && isLast ? EndStream : (byte)0, id, bytes[..count]);
                if (isEnd) { return; }
                bytes = bytes[count..];
            }
        }

        public Task SendGoAwayAsync(int last)
        {
            var payload = new byte[8]; // last stream, then NO_ERROR
            BinaryPrimitives.WriteInt32BigEndian(payload, last);
            return SendAsync(GoAwayFrame, 0, 0, payload);
        }

        public async Task SendAsync(byte type, byte flags, int id, ReadOnlyMemory<byte> payload)
        {
            var frame = new byte[FrameHeader + payload.Length];
            frame[0] = (byte)(payload.Length >> 16);
            frame[1] = (byte)(payload.Length >> 8);
            frame[2] = (byte)payload.Length;
            frame[3] = type;
            frame[4] = flags;
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
            payload.CopyTo(frame.AsMemory(FrameHeader));
            await turn.WaitAsync(Ended);
            try
            {
                await stream.WriteAsync(frame, Ended);
            }
            finally
            {
                turn.Release();
            }
        }

        public async Task EndAsync()
        {
            await ended.CancelAsync();
            stream.Close();
        }
    }
}
