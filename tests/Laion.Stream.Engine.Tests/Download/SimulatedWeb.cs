using System.Net;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Answers requests after simulated times: the first label of the host selects the behaviour.</summary>
/// <param name="clock">Virtual.</param>
/// <param name="seed">Seed of the times.</param>
internal sealed class SimulatedWeb(TimeProvider clock, int seed) : HttpMessageHandler
{
    private static readonly byte[] Picture = new byte[20_000];
    private readonly Random _random = new(seed);

    /// <summary>Faults, each with its expected reason; the second half hold a connection until their time is up.</summary>
    public static (string Kind, string Reason)[] Faults { get; } =
    [
        ("missing", "http_status 404"), ("error", "http_status 500"), ("busy", "http_status 503"), ("refused", "connect_failed"), ("cut", "incomplete_body"),
        ("endless", "too_large"), ("loop", "too_many_redirects"), ("private", "blocked_address"), ("optout", "header_opt_out"), ("tiny", "too_small_bytes"),
        ("silent", "timeout"), ("slow", "too_slow"), ("stall", "too_slow"), ("tls", "tls_failed"),
    ];

    /// <summary>The server behind all hosts called <c>shared</c>.</summary>
    public ServerShape? Shared { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken abort)
    {
        string host = request.RequestUri!.Host;
        string kind = host[..host.IndexOfAny(['-', '.'])];
        if (kind == "shared") { return await ShareAsync(Shared!, abort); }

        await Task.Delay(TimeSpan.FromMilliseconds(20 + (-60 * Math.Log(1 - _random.NextDouble()))), clock, abort);
        switch (kind)
        {
            case "good": return Answer(Picture);
            case "missing": return new HttpResponseMessage(HttpStatusCode.NotFound);
            case "error": return new HttpResponseMessage(HttpStatusCode.InternalServerError);
            case "busy": return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new(TimeSpan.FromHours(1)) } };
            case "refused": throw new HttpRequestException(HttpRequestError.ConnectionError);
            case "cut": return Answer(Picture, cutAt: 5000);
            case "endless": return new HttpResponseMessage { Content = new StreamContent(new PacedStream(clock, long.MaxValue, TimeSpan.Zero)) };
            case "loop": return Redirect(request.RequestUri.ToString());
            case "private": return Redirect("http://10.0.0.1/a.png");
            case "optout": return new HttpResponseMessage { Headers = { { "X-Robots-Tag", "noai" } }, Content = new ByteArrayContent(Picture) };
            case "tiny": return Answer(new byte[10]);
            case "slow": return new HttpResponseMessage { Content = new StreamContent(new PacedStream(clock, 20_000, TimeSpan.FromSeconds(1))) };
            case "stall":
                return new HttpResponseMessage
                {
                    Content = new StreamContent(
                new PacedStream(clock, 20_000, System.Threading.Timeout.InfiniteTimeSpan))
                };
            case "tls":
                await Task.Delay(TimeSpan.FromSeconds(5), clock, abort);
                throw new HttpRequestException(HttpRequestError.SecureConnectionError);
            default:
                await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, clock, abort);
                throw new InvalidOperationException("An infinite wait has ended.");
        }
    }

    private static HttpResponseMessage Answer(byte[] body, int? cutAt = null) => new()
    {
        Content = new StreamContent(cutAt is { } length ? new PacedStream(TimeProvider.System, length, TimeSpan.Zero) : new MemoryStream(body))
        {
            Headers = { ContentLength = body.Length },
        },
    };

    private static HttpResponseMessage Redirect(string target) => new(HttpStatusCode.Found) { Headers = { Location = new Uri(target) } };

    private static async Task<HttpResponseMessage> ShareAsync(ServerShape server, CancellationToken abort)
    {
        int status = await server.HeadAsync(abort);
        if (status == 0) { throw new HttpRequestException(HttpRequestError.ConnectionError); }
        if (status != 200) { return new HttpResponseMessage((HttpStatusCode)status); }
        await server.BodyAsync((_, _) => Task.CompletedTask, abort);
        return Answer(Picture);
    }

    /// <summary>Zeros up to a length, at full speed or a byte at a time; at a given offset it fails as a broken connection does.</summary>
    private sealed class PacedStream(TimeProvider clock, long length, TimeSpan perByte) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (perByte != TimeSpan.Zero) { await Task.Delay(perByte, clock, cancellationToken); }
            if (_left == 0) { throw new IOException("The connection was reset."); }
            int count = (int)Math.Min(_left, perByte == TimeSpan.Zero ? buffer.Length : 1);
            _left -= count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
