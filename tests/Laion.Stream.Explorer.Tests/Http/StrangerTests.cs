using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Queries;
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

    /// <summary>What JSON can say and .NET's numbers and texts cannot, or only in a way of their own.</summary>
    [Theory]
    [InlineData("/api/v1/search", """{"filter":{"width":{"min":1e999}}}""")]
    [InlineData("/api/v1/search", """{"filter":{"aspect":{"max":-1e999}}}""")]
    [InlineData("/api/v1/facets", """{"filter":{"scores":{"similarity":{"min":1e400}}}}""")]
    [InlineData("/api/v1/export", """{"filter":{"height":{"max":1e999}}}""")]
    [InlineData("/api/v1/export/command", """{"filter":{"height":{"max":1e999}}}""")]
    [InlineData("/api/v1/search", """{"limit":1e999}""")]
    [InlineData("/api/v1/search", """{"limit":0.5}""")]
    [InlineData("/api/v1/search", """{"query":[{"vector":[1,0,0,1e999]}]}""")]
    [InlineData("/api/v1/search", """{"query":[{"vector":[1,0,0,0],"weight":1e999}]}""")]
    [InlineData("/api/v1/search", """{"query":[{"row":9223372036854775808}]}""")]
    [InlineData("/api/v1/search", """{"query":[{"text":"\ud800"}]}""")]
    [InlineData("/api/v1/search", """{"filter":{"text":"\udfff"}}""")]
    [InlineData("/api/v1/search", """{"filter":{"\ud800":1}}""")]
    [InlineData("/api/v1/search", """{"cursor":"cDk5OTk5OTk5OTk5OTk5OTk5OTk"}""")]
    [InlineData("/api/v1/search", """{"query":[{"row":1}],"cursor":"cC0x"}""")]
    [InlineData("/api/v1/search", """{"query":[{"row":1}],"cursor":"cDEwMDAx"}""")]
    [InlineData("/api/v1/search", """{"cursor":"é"}""")]
    [InlineData("/api/v1/search", """{"filter":{"date":{"from":"9999-12-31T23:59:59-14:00"}}}""")]
    [InlineData("/api/v1/export", """{"ids":[1e999]}""")]
    [InlineData("/api/v1/export", """{"ids":[1],"format":"../../x"}""")]
    [InlineData("/knn-service", """{"text":"\ud800","modality":"image","num_images":1,"indice_name":"image"}""")]
    [InlineData("/knn-service", """{"text":"40","modality":"\ud800","num_images":1,"indice_name":"image"}""")]
    [InlineData("/knn-service", """{"text":"40","modality":"image","num_images":"\ud800","indice_name":"image"}""")]
    [InlineData("/knn-service", """{"text":"40","modality":"image","num_images":1e999,"indice_name":"image"}""")]
    [InlineData("/knn-service", """{"text":"40","modality":"image","num_images":1,"indice_name":"image","aesthetic_score":"\udc00"}""")]
    [InlineData("/knn-service", """{"embedding_input":[1e999,0,0,0],"modality":"image","num_images":1,"indice_name":"image"}""")]
    [InlineData("/knn-service", """{"embedding_input":["\ud800",0,0,0],"modality":"image","num_images":1,"indice_name":"image"}""")]
    [InlineData("/metadata", """{"ids":["\ud800"],"indice_name":"image"}""")]
    [InlineData("/metadata", """{"ids":[1e999],"indice_name":"image"}""")]
    public async Task Post_NumbersAndTextsThatAreNone_Are400(string path, string body)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(new FakeAbilities().All);

        (int status, JsonElement error) = await served.AskAsync(HttpMethod.Post, path, body);

        Assert.True(status is 400 or 404, $"{status} {error}");
        Assert.False(string.IsNullOrEmpty(error.GetProperty("message").GetString()));
    }

    /// <summary>Bytes that are no UTF-8, in names and in values.</summary>
    [Theory]
    [InlineData("/api/v1/search")]
    [InlineData("/api/v1/facets")]
    [InlineData("/knn-service")]
    [InlineData("/metadata")]
    public async Task Post_BytesThatAreNoUtf8_Are400(string path)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(new FakeAbilities().All);
        foreach (string text in new[] { """{"text":"?","modality":"image","num_images":1,"indice_name":"image","ids":["?"],"filter":{"text":"?"}}""", """{"?":1}""" })
        {
            byte[] body = Array.ConvertAll(Encoding.ASCII.GetBytes(text), one => one == (byte)'?' ? (byte)0xFF : one);
            using HttpResponseMessage answer = await served.Client.PostAsync(path, new ByteArrayContent(body));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("message", out _));
        }
    }

    /// <summary>Answers are kept by their filter: long filters of strangers must not be kept with them.</summary>
    [Fact]
    public void Filter_OfManyLongItems_HasAShortKey()
    {
        string[] items = [.. Enumerable.Range(0, 1000).Select(i => new string('x', 1000) + i)];

        string one = new RowFilter(new FilterBody { Domains = items }, hidesUnsafe: true).Key;
        string other = new RowFilter(new FilterBody { Domains = [.. items, .. items.Take(0)], Text = "x" }, hidesUnsafe: true).Key;

        Assert.InRange(one.Length, 1, 1100);
        Assert.NotEqual(one, other);
        Assert.NotEqual(one, new RowFilter(new FilterBody { Domains = items }, hidesUnsafe: false).Key);
        Assert.Equal(one, new RowFilter(new FilterBody { Domains = items }, hidesUnsafe: true).Key);
    }

    [Fact]
    public async Task Post_AnAddressWithoutEnd_Is400AndFetchesNothing()
    {
        var abilities = new FakeAbilities();
        await using ServedOutput served = await ServedOutput.HundredAsync(abilities.All);
        string url = "https://a.example/" + new string('x', 100_000);

        Assert.Equal(400, (await served.AskAsync(HttpMethod.Post, "/api/v1/search", JsonSerializer.Serialize(new { query = new[] { new { url } } }))).Status);
        Assert.Equal(400, (await served.AskAsync(HttpMethod.Post, "/knn-service", JsonSerializer.Serialize(new { image_url = url, modality = "image", num_images = 1, indice_name = "image" }))).Status);
        Assert.Equal(0, abilities.Fetched);
    }

    /// <summary>HEAD is GET without its body; what an address does not know is 405 with a message, and no method reaches around the key.</summary>
    [Fact]
    public async Task Methods_OtherThanThoseOfAnAddress_AreRefusedAsJson()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("keys"), "0123456789abcdef-one\n");
        await using ServedOutput locked = await ServedOutput.HundredAsync(change: options => options.KeyFile = folder.At("keys"));
        await using ServedOutput served = await ServedOutput.HundredAsync();
        foreach (string path in new[] { "/", "/healthz", "/api/v1/info", "/api/v1/rows/1", "/indices-list", "/openapi/v1.json", "/config.json" })
        {
            using HttpResponseMessage get = await served.Client.GetAsync(path);
            using HttpResponseMessage head = await served.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            Assert.Equal((HttpStatusCode.OK, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }

        foreach (HttpMethod method in new[] { HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Options, HttpMethod.Trace, new HttpMethod("PROPFIND") })
        {
            foreach (string path in new[] { "/", "/api/v1/info", "/api/v1/search", "/api/v1/rows/1/thumbnail" })
            {
                using HttpResponseMessage answer = await served.Client.SendAsync(new HttpRequestMessage(method, path));
                Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
                Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("message", out _));
                if (path == "/") { continue; }
                using HttpResponseMessage refused = await locked.Client.SendAsync(new HttpRequestMessage(method, path));
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            }
        }

        using HttpResponseMessage hidden = await locked.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/v1/info"));
        Assert.Equal(HttpStatusCode.Unauthorized, hidden.StatusCode);
    }

    [Theory]
    [InlineData("\"x\"", 200)]
    [InlineData("TAG", 304)]
    [InlineData("W/TAG", 304)]
    [InlineData("\"x\", TAG", 304)]
    [InlineData("*", 304)]
    [InlineData("not a tag", 200)]
    public async Task Page_AskedForAgain_IsSentOnlyWhenItChanged(string known, int expected)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        using HttpResponseMessage first = await served.Client.GetAsync("/");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.TryAddWithoutValidation("If-None-Match", known.Replace("TAG", first.Headers.ETag!.ToString(), StringComparison.Ordinal));

        Assert.Equal(expected, (int)(await served.Client.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br, gzip;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("identity", false)]
    [InlineData("", false)]
    public async Task Page_IsPacked_OnlyForThoseWhoTakeIt(string accepted, bool isPacked)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (accepted.Length > 0) { request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted); }
        using HttpResponseMessage answer = await served.Client.SendAsync(request);

        Assert.Equal(isPacked, answer.Content.Headers.ContentEncoding.Contains("gzip"));
    }

    /// <summary>Large bodies count until they are answered: as many as there are places, and not one more, wait for a model.</summary>
    [Fact]
    public async Task Post_MoreLargeBodiesThanPlaces_HoldNoMoreMemory()
    {
        var slow = new SlowModels();
        await using ServedOutput served = await ServedOutput.HundredAsync(new ExplorerAbilities(Models: slow), options => options.Timeout = TimeSpan.FromSeconds(60));
        string body = JsonSerializer.Serialize(new { query = new[] { new { picture = Convert.ToBase64String(new byte[300_000]) } } });
        Task<(int Status, JsonElement)>[] asked = [.. Enumerable.Range(0, 40).Select(_ => served.AskAsync(HttpMethod.Post, "/api/v1/search", body))];

        await slow.ReachedAsync(16);
        (int small, _) = await served.AskAsync(HttpMethod.Post, "/api/v1/search", "{}"); // small ones pass
        int most = slow.Waiting;
        slow.Go();

        Assert.Equal((200, 16), (small, most));
        foreach (Task<(int Status, JsonElement)> one in asked) { Assert.Equal(200, (await one).Status); }
        Assert.Equal(16, slow.Most);
    }

    [Fact]
    public async Task Requests_WhoseSenderGoes_LeaveThePlaceToOthers()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(new FakeAbilities().All, options => (options.Concurrency, options.Queue) = (1, 0));
        for (int i = 0; i < 50; i++)
        {
            using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(i % 5));
            try
            {
                using HttpResponseMessage answer = await served.Client.PostAsync("/api/v1/search", new StringContent("""{"query":[{"text":"40"}]}"""), gone.Token);
            }
            catch (OperationCanceledException)
            {
                continue; // as meant
            }
        }

        int status = 503;
        for (int tries = 0; tries < 100 && status == 503; tries++)
        {
            status = (await served.AskAsync(HttpMethod.Post, "/api/v1/search", """{"query":[{"text":"40"}]}""")).Status;
            if (status == 503) { await Task.Delay(50); }
        }

        Assert.Equal(200, status);
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

    /// <summary>Models that wait until the test has seen enough.</summary>
    private sealed class SlowModels : IQueryModels
    {
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _waiting;
        private int _most;

        public int Width => 4;

        public int Waiting => Volatile.Read(ref _waiting);

        public int Most => Volatile.Read(ref _most);

        public void Go() => _go.SetResult();

        public async Task ReachedAsync(int count)
        {
            for (int tries = 0; Waiting < count; tries++)
            {
                Assert.True(tries < 600, $"{Waiting} instead of {count} wait for the model");
                await Task.Delay(100);
            }
        }

        public ValueTask<float[]> TextAsync(string text, CancellationToken abort) => throw new NotSupportedException();

        public async ValueTask<float[]> PictureAsync(ReadOnlyMemory<byte> file, CancellationToken abort)
        {
            int now = Interlocked.Increment(ref _waiting);
            for (int most = Most; now > most && Interlocked.CompareExchange(ref _most, now, most) != most; most = Most) { continue; }
            await _go.Task.WaitAsync(abort);
            Interlocked.Decrement(ref _waiting);
            return ServedOutput.Degrees(40);
        }
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
