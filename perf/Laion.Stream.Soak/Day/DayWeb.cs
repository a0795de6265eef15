using System.Net;
using System.Net.Http.Headers;
using LaionStream.Demo;
using LaionStream.Engine.Download.Dns;

namespace LaionStream.Soak.Day;

/// <summary>
/// A web in memory, as bad as the real one: of a thousand addresses 5 are pictures, 545 are bytes that are not, 300 are gone, 50 answer 503, 50 send text, 49
/// break, and one never answers. One name in thirty does not exist; half of the hosts have a robots.txt.
/// </summary>
internal sealed class DayWeb : HttpMessageHandler
{
    private static readonly byte[] Picture = DemoAssets.Pictures().First(picture => picture.IsLargeEnough).Bytes;
    private static readonly byte[] Noise = [.. Enumerable.Range(0, 6000).Select(static i => (byte)((i * 37) + 11))];
    private static readonly byte[] Robots = "User-agent: *\nDisallow: /private/\n"u8.ToArray();

    /// <summary>Answers a DNS query, at once.</summary>
    public static Task<DnsReply> ResolveAsync(IPEndPoint _, string name, bool ipv6, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        uint hash = Hash(name);
        return Task.FromResult(hash % 30 == 0
            ? new DnsReply(DnsStatus.NoSuchName, [], TimeSpan.Zero)
            : new DnsReply(DnsStatus.Found, ipv6 ? [] : [new IPAddress([93, (byte)(hash >> 16), (byte)(hash >> 8), (byte)hash])], TimeSpan.FromMinutes(5)));
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = request.RequestUri!.PathAndQuery;
        if (path == "/robots.txt")
        {
            return Hash(request.RequestUri.Host) % 2 == 0 ? Answer(Robots, "text/plain") : new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        switch (Hash(path) % 1000)
        {
            case < 5: return Answer(Picture, "image/png");
            case < 550: return Answer(Noise, "image/jpeg");
            case < 850: return new HttpResponseMessage(HttpStatusCode.NotFound);
            case < 900: return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            case < 950: return Answer(Robots, "text/html");
            case < 999: throw new HttpRequestException("reset", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionReset));
            default:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                throw new InvalidOperationException("Waited for ever.");
        }
    }

    private static HttpResponseMessage Answer(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) { hash = (hash ^ c) * 16777619; }
        return hash ^ (hash >> 15);
    }
}
