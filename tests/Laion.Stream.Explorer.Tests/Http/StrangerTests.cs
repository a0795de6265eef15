using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Http;

/// <summary>What anyone on a network can try.</summary>
public sealed class StrangerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_ABodyBeyondTheLimit_Is413AsJson(bool isAnnounced)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(change: options => options.MaxBodyBytes = 100_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/search");
        request.Content = isAnnounced ? new ByteArrayContent(new byte[200_000]) : new StreamContent(new Endless(200_000));
        request.Headers.TransferEncodingChunked = isAnnounced ? null : true;
        request.Headers.ExpectContinue = true; // so that the answer is read though the body is not

        using HttpResponseMessage answer = await served.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("message", out _));
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"a\":", 100_000)]
    [InlineData("{\"query\":[{\"vector\":[[", 1)]
    [InlineData("{\"filter\":", 60_000)]
    public async Task Post_NestedJson_Is400(string piece, int times)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        string body = string.Concat(Enumerable.Repeat(piece, times));

        Assert.Equal(400, (await served.AskAsync(HttpMethod.Post, "/api/v1/search", body)).Status);
        Assert.Equal(400, (await served.AskAsync(HttpMethod.Post, "/api/v1/facets", body)).Status);
        Assert.Equal(400, (await served.AskAsync(HttpMethod.Post, "/knn-service", body)).Status);
        Assert.Equal(400, (await served.AskAsync(HttpMethod.Post, "/metadata", body)).Status);
    }

    [Fact]
    public async Task Post_RandomBytes_NeverIsAFailureOfTheService()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(new FakeAbilities().All);
        var random = new Random(20241129);
        string[] seeds = ["""{"query":[{"text":"40","weight":1}],"filter":{"width":{"min":1},"text":"x"},"safe":"show","limit":5}""", """{"ids":[1,"2"],"indice_name":"image"}""", """{"text":"40","modality":"image","num_images":2,"indice_name":"image"}"""];
        for (int i = 0; i < 400; i++)
        {
            byte[] body = Encoding.UTF8.GetBytes(seeds[i % seeds.Length]);
            for (int change = random.Next(1, 6); change > 0; change--) { body[random.Next(body.Length)] = (byte)random.Next(256); }
            foreach (string path in new[] { "/api/v1/search", "/api/v1/facets", "/knn-service", "/metadata" })
            {
                using HttpResponseMessage answer = await served.Client.PostAsync(path, new ByteArrayContent(body[..random.Next(body.Length + 1)]));
                Assert.InRange((int)answer.StatusCode, 200, 499);
                _ = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            }
        }
    }

    [Fact]
    public async Task Requests_BeyondTheRate_Are429WithAMessage()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(change: options => (options.Burst, options.RequestsPerSecond) = (5, 1));
        var statuses = new List<int>();
        for (int i = 0; i < 20; i++) { statuses.Add((await served.AskAsync(HttpMethod.Get, "/api/v1/info")).Status); }
        using HttpResponseMessage alive = await served.Client.GetAsync("/healthz");

        Assert.Equal(200, statuses[0]);
        Assert.Contains(429, statuses);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task Requests_WithAKeyFile_NeedAKey()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("keys"), "# ours\n0123456789abcdef-one\n\n0123456789abcdef-two\n");
        await using ServedOutput served = await ServedOutput.HundredAsync(change: options => options.KeyFile = folder.At("keys"));

        Assert.Equal(401, (int)await StatusAsync(served, null, null));
        Assert.Equal(401, (int)await StatusAsync(served, "X-API-Key", "0123456789abcdef-on"));
        Assert.Equal(401, (int)await StatusAsync(served, "X-API-Key", "# ours"));
        Assert.Equal(401, (int)await StatusAsync(served, "Authorization", "Basic 0123456789abcdef-one"));
        Assert.Equal(200, (int)await StatusAsync(served, "X-API-Key", "0123456789abcdef-one"));
        Assert.Equal(200, (int)await StatusAsync(served, "Authorization", "Bearer 0123456789abcdef-two"));
        foreach (string path in new[] { "/API/v1/info", "//api/v1/info", "/api//v1/info", "/openapi/v1.json", "/OpenAPI/v1.json", "/indices-list", "/Indices-List", "/metrics-summary", "/knn-service/", "/indices-list/" })
        {
            using HttpResponseMessage answer = await served.Client.GetAsync(served.Address.GetLeftPart(UriPartial.Authority) + path);
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized, $"{path}: {answer.StatusCode}");
        }

        using HttpResponseMessage page = await served.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("short\n")]
    public async Task Start_WithAKeyFileOfNoUse_IsRefused(string text)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("keys"), text);

        await Assert.ThrowsAsync<InvalidDataException>(() => ServedOutput.HundredAsync(change: options => options.KeyFile = folder.At("keys")));
    }

    /// <summary>A page of another site that lets its own name point to this machine must not read the output.</summary>
    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("192.168.1.1", 421)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]", 200)]
    public async Task Get_UnderAnotherName_IsRefusedOnThisMachine(string host, int expected)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/info");
        request.Headers.Host = host;

        Assert.Equal(expected, (int)(await served.Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("explore.example.org", 200)]
    [InlineData("localhost", 421)]
    public async Task Get_WithAListOfNames_AnswersOnlyToThose(string host, int expected)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(change: options => options.Hosts = ["explore.example.org"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/info");
        request.Headers.Host = host;

        Assert.Equal(expected, (int)(await served.Client.SendAsync(request)).StatusCode);
    }

    /// <summary>Slow senders wait alone: of the head, of the body, and of nothing at all.</summary>
    [SkippableTheory]
    [InlineData("")]
    [InlineData("GET /api/v1/info HT")]
    [InlineData("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{")]
    public async Task Get_BesideAThousandSlowConnections_IsAnswered(string begun)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        Skip.If(MostHandles() < 4096, "fewer than 4,096 handles may be open here: a connection takes one at each end");
        var slow = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                var client = new TcpClient();
                slow.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, served.Address.Port);
                if (begun.Length > 0) { await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begun)); }
            }

            Assert.Equal(200, (await served.AskAsync(HttpMethod.Post, "/api/v1/search", "{}")).Status);
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Post_ASenderThatStops_EndsWithTheDeadline()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(change: options => options.Timeout = TimeSpan.FromSeconds(1));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, served.Address.Port);
        await client.GetStream().WriteAsync("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        Assert.StartsWith("HTTP/1.1 504", await reader.ReadLineAsync(patience.Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /api/v1/rows/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /app/../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET http://169.254.169.254/latest HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n")]
    [InlineData("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("\0\0\0\0\r\n\r\n")]
    [InlineData("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n")]
    public async Task Send_WhatIsNotARequest_IsRefusedAndTheNextIsAnswered(string bytes)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, served.Address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));
        using var reader = new StreamReader(client.GetStream());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        string? first = await reader.ReadLineAsync(patience.Token);

        Assert.True(first is null || first.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), first); // or closed without a word
        Assert.Equal(200, (await served.AskAsync(HttpMethod.Get, "/api/v1/info")).Status);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryAddressWithExamples()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        JsonElement document = JsonDocument.Parse(await served.Client.GetStringAsync("/openapi/v1.json")).RootElement;
        JsonElement paths = document.GetProperty("paths");

        Assert.Equal("Laion.Stream explorer", document.GetProperty("info").GetProperty("title").GetString());
        foreach (JsonProperty path in paths.EnumerateObject().Where(path => path.Value.TryGetProperty("post", out _)))
        {
            JsonElement example = path.Value.GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
            Assert.Equal(JsonValueKind.Object, example.ValueKind);
        }

        Assert.True(paths.TryGetProperty("/api/v1/rows/{id}/similar", out _));
    }

    private static long MostHandles() => File.Exists("/proc/self/limits")
        && File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3] is var most
        && long.TryParse(most, System.Globalization.CultureInfo.InvariantCulture, out long number)
            ? number
            : long.MaxValue;

    private static async Task<HttpStatusCode> StatusAsync(ServedOutput served, string? header, string? value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/info");
        if (header is not null) { request.Headers.TryAddWithoutValidation(header, value); }
        using HttpResponseMessage answer = await served.Client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Bytes whose number is not announced.</summary>
    private sealed class Endless(int bytes) : Stream
    {
        private int _left = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = Math.Min(count, _left);
            buffer.AsSpan(offset, read).Fill((byte)' ');
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
