using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
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
