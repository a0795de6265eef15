using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Tests.Download.Fetching;
using LaionStream.Engine.Tests.Inputs.Wat;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Engine.Tests.Inputs.Opening;

public class RemoteStreamTests
{
    private static readonly WatOptions Impatient =
        new() { RemoteBackoff = TimeSpan.FromMilliseconds(1), RemoteAttempts = 5, RemoteSilence = TimeSpan.FromSeconds(10) };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Read_ConnectionDropsAtRandom_GivesTheWholeFile(int seed, bool ignoresRange)
    {
        byte[] file = WatFixture.Write(400);
        int most = ignoresRange ? file.Length * 2 : file.Length / 8;
        await using var server =
            new CuttingServer(file, new CuttingServerManners(seed, ignoresRange ? file.Length / 3 : 1000, most) { IgnoresRange = ignoresRange });
        using HttpClient http = InputOpener.CreateClient();
        var health = new InputHealth();
        var outcomes = new List<LinkOutcome>();

        await foreach (PageLinks page in WatFixture.CreateReader(WatFixture.CreateOpener(http, Impatient))
            .ReadAsync(new InputFile(3, server.Address), health, default))
        {
            outcomes.AddRange(page.Outcomes);
        }

        (List<LinkOutcome> expected, _) = await WatFixture.ReadAsync(file, name: "file.warc.wat.gz");
        Assert.Equal(expected, outcomes);
        Assert.True(ignoresRange || health.Resumed >= 4, $"{health.Resumed} resumptions");
        Assert.Equal(0, health.DamagedMembers);
        Assert.False(health.Truncated);
        Assert.Equal(file.Length, health.Bytes);
    }

    [Fact]
    public async Task Open_BusyServer_IsAskedAgain()
    {
        byte[] file = WatFixture.Write(2);
        await using var server = new CuttingServer(file, new CuttingServerManners(1, file.Length, file.Length + 1) { BusyAnswers = 3 });
        using HttpClient http = InputOpener.CreateClient();
        var health = new InputHealth();

        await using Stream stream = await WatFixture.CreateOpener(http, Impatient).OpenAsync(server.Address, health, default);

        Assert.Equal(file, await ReadAllAsync(stream));
        Assert.Equal(0, health.Resumed);
        Assert.Equal(4, server.Requests);
    }

    [Fact]
    public async Task Open_ServerThatStaysBusy_IsGivenUp()
    {
        await using var server = new CuttingServer([1, 2, 3], new CuttingServerManners(1, 1, 2) { BusyAnswers = 1000 });
        using HttpClient http = InputOpener.CreateClient();

        IOException e = await Assert.ThrowsAnyAsync<IOException>(async () => await WatFixture.CreateOpener(http, Impatient)
            .OpenAsync(server.Address, new InputHealth(), default));

        Assert.Contains(server.Address, e.Message, StringComparison.Ordinal);
        Assert.Equal(5, server.Requests);
    }

    [Fact]
    public async Task Read_FileChangedOnTheServer_IsRefused()
    {
        byte[] file = WatFixture.Write(50);
        await using var server = new CuttingServer(file, new CuttingServerManners(1, 100, 200) { ChangesAfter = 2 });
        using HttpClient http = InputOpener.CreateClient();
        await using Stream stream = await WatFixture.CreateOpener(http, Impatient).OpenAsync(server.Address, new InputHealth(), default);

        IOException e = await Assert.ThrowsAnyAsync<IOException>(() => ReadAllAsync(stream));

        Assert.Contains("changed", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "no http(s) address")]
    [InlineData("//", "no http(s) address")]
    [InlineData("mailto:a@127.0.0.1", "no http(s) address")]
    [InlineData("javascript:alert(1)", "no http(s) address")]
    [InlineData("ftp://127.0.0.1/x", "no http(s) address")]
    [InlineData("http://[", "answers 302")] // no address at all
    [InlineData("/again", "redirects more than 10 times")]
    public async Task Open_RedirectThatLeadsNowhere_IsRefused(string location, string expected)
    {
        await using RawAnswers server = RawAnswers.Start(_ => RawAnswers.Answer($"HTTP/1.1 302 Found\r\nLocation: {location}", default));
        using HttpClient http = InputOpener.CreateClient();

        InputRefusedException e = await Assert.ThrowsAsync<InputRefusedException>(async () =>
            await WatFixture.CreateOpener(http, Impatient).OpenAsync(server.BaseAddress + "x.gz", new InputHealth(), default));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(303)]
    [InlineData(308)]
    public async Task Open_Redirect_IsFollowed(int status)
    {
        await using RawAnswers server = RawAnswers.Start(request => request.StartsWith("GET /x.gz ", StringComparison.Ordinal)
            ? RawAnswers.Answer($"HTTP/1.1 {status} Elsewhere\r\nLocation: there", default)
            : RawAnswers.Answer("HTTP/1.1 200 OK", "bytes"u8));
        using HttpClient http = InputOpener.CreateClient();

        await using Stream stream = await WatFixture.CreateOpener(http, Impatient).OpenAsync(server.BaseAddress + "x.gz", new InputHealth(), default);

        Assert.Equal("bytes"u8.ToArray(), await ReadAllAsync(stream));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue - (1 << 20))]
    [InlineData(1L << 62)]
    public async Task Open_ServerThatClaimsAnyLength_IsReadToItsEnd(long claimed)
    {
        await using RawAnswers server = RawAnswers.Start(request =>
        {
            long[] range = [.. request.Split("Range: bytes=")[1].Split("\r\n")[0].Split('-').Select(long.Parse)];
            return [.. System.Text.Encoding.ASCII.GetBytes(
                $"HTTP/1.1 206 Partial\r\nContent-Range: bytes {range[0]}-{range[1]}/{claimed}\r\nContent-Length: {range[1] - range[0] + 1}\r\n\r\n"),
                .. Enumerable.Repeat((byte)7, (int)(range[1] - range[0] + 1))];
        });
        using HttpClient http = InputOpener.CreateClient();
        await using RemoteFile file = await WatFixture.CreateOpener(http, Impatient).OpenPartsAsync(server.BaseAddress + "x.parquet", new InputHealth(), default);
        var tail = new byte[8];

        file.Position = file.Length - tail.Length;
        await file.ReadExactlyAsync(tail);

        Assert.Equal(claimed, file.Length);
        Assert.All(tail, value => Assert.Equal(7, value));
    }

    [Fact]
    public async Task Open_NoServer_Fails()
    {
        using HttpClient http = InputOpener.CreateClient();
        await Assert.ThrowsAnyAsync<IOException>(async () => await WatFixture.CreateOpener(http, Impatient)
            .OpenAsync("http://127.0.0.1:1/x.gz", new InputHealth(), default));
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var output = new MemoryStream();
        byte[] buffer = new byte[1000];
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            output.Write(buffer.AsSpan(0, read));
        }

        return output.ToArray();
    }
}
