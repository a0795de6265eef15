using System.Text;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Run;
using LaionStream.Engine.Tests.Inputs.Wat;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Engine.Tests.Inputs;

/// <summary>Which inputs a run has: samples, several crawls, standard input, and withdrawn inputs.</summary>
public sealed class NamedInputsTests : IDisposable
{
    private readonly ExtractWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Extract_SampleThatGrows_ReadsOnlyTheNewFiles()
    {
        for (int i = 0; i < 9; i++) { _world.Write($"{i}.txt", $"https://a.example/{i}.jpg\n"); }
        _world.Settings["Laion:Input:Sample"] = "random:4@1";
        RunReport first = await _world.RunAsync(_world.Folder.At("?.txt"));
        IReadOnlyList<string> four = await _world.UrlsAsync();
        _world.Settings["Laion:Input:Sample"] = "random:6@1";
        RunReport second = await _world.RunAsync(_world.Folder.At("?.txt"));

        Assert.Equal((4, 6, true), (first.Summary.Files.Known, second.Summary.Files.Known, second.Summary.Complete));
        Assert.Equal(6, second.Summary.Kept);
        Assert.Subset((await _world.UrlsAsync()).ToHashSet(), four.ToHashSet());
        await _world.AssertWholeAsync();
    }

    [Fact]
    public async Task Extract_SeveralCrawls_AreOneListInTheirOrder()
    {
        await using var server = new CuttingServer(Encoding.UTF8.GetBytes("a.wat\nb.wat\n"), new CuttingServerManners(1, 1 << 20, (1 << 20) + 1));
        _world.Settings["Laion:Input:BaseUrl"] = server.AddressOf("");
        _world.Settings["Laion:Input:Crawl"] = "CC-MAIN-2024-22, CC-MAIN-2024-26";
        _world.Settings["Laion:Input:Sample"] = "first:1";

        RunReport report = await _world.RunAsync(); // the server sends the list for every name: the file holds no record, and each list was read

        Assert.Equal(2 + 1, server.Requests);
        Assert.Equal(1, report.Summary.Files.Known);
    }

    [Theory]
    [InlineData("https://a.example/1.jpg\nhttps://a.example/2.jpg\n", ".txt")]
    [InlineData("URL;caption\nhttps://a.example/1.jpg;a black cat on a wall\nhttps://a.example/2.jpg;a white cat on a wall\n", ".csv")]
    [InlineData("caption\turl\na black cat, on a wall\thttps://a.example/1.jpg\na white cat on a wall\thttps://a.example/2.jpg\n", ".tsv")]
    [InlineData("[{\"url\":\"https://a.example/1.jpg\"},{\"url\":\"https://a.example/2.jpg\"}]", ".json")]
    [InlineData("{\"url\":\"https://a.example/1.jpg\"}\n{\"url\":\"https://a.example/2.jpg\"}\n", ".json")]
    public async Task Extract_PipedIn_IsReadOnceAsWhatItIs(string content, string ending)
    {
        _world.Piped = Encoding.UTF8.GetBytes(content);
        string other = _world.Write("other.txt", "https://a.example/0.jpg\n");

        await _world.RunAsync("-", other);
        RunReport again = await _world.RunAsync("-", other);

        Assert.Equal((3, true, 2), (again.Summary.Kept, again.Summary.Complete, again.Summary.Files.Known));
        Assert.Equal(["https://a.example/0.jpg", "https://a.example/1.jpg", "https://a.example/2.jpg"], await _world.UrlsAsync());
        Assert.EndsWith(ending, Assert.Single(Directory.EnumerateFiles(_world.Folder.At("out", "state"), "stdin-*")), StringComparison.Ordinal);
        await _world.AssertWholeAsync();
    }

    [Fact]
    public async Task Extract_WatPipedIn_IsRead()
    {
        _world.Piped = WatFixture.Write(4);

        Assert.Equal(4, (await _world.RunAsync("-")).Summary.Kept);
    }

    [Fact]
    public async Task Extract_NothingPipedIn_IsRefused()
    {
        InputException e = await Assert.ThrowsAsync<InputException>(() => _world.RunAsync("-"));

        Assert.Contains("nothing is", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_world.Folder.At("out", "state")));
    }

    [Fact]
    public async Task Extract_InputWithoutRowsTakenBack_NoLongerKeepsTheOutputFromBeingComplete()
    {
        string good = _world.Write("good.txt", "https://a.example/1.jpg\n");
        string bad = _world.Write("bad.txt", "not found");
        Assert.Equal((RunEnd.InputsMissing, false), Ends(await _world.RunAsync(good, bad)));
        Assert.False((await _world.RunAsync(good)).Summary.Complete);

        _world.Settings["Laion:Input:Forget:0"] = bad;
        RunReport forgotten = await _world.RunAsync(good);

        Assert.Equal((RunEnd.Done, true), Ends(forgotten));
        Assert.Equal((1, 1), (forgotten.Summary.Files.Known, forgotten.Summary.Files.Done));
        await _world.AssertWholeAsync();

        // Given again, it is a new input.
        _world.Settings.Clear();
        _world.Write("bad.txt", "https://a.example/2.jpg\n");
        RunReport again = await _world.RunAsync(good, bad);
        Assert.Equal((RunEnd.Done, true, 2), (again.End, again.Summary.Complete, again.Summary.Kept));
        Assert.True((await _world.RunAsync(good, bad)).Summary.Complete);
        await _world.AssertWholeAsync();
    }

    [Theory]
    [InlineData("good.txt", "rows of")]
    [InlineData("nowhere.txt", "is no input")]
    [InlineData("bad.txt", "among the inputs")]
    public async Task Extract_OtherInputTakenBack_IsRefused(string name, string cause)
    {
        string good = _world.Write("good.txt", "https://a.example/1.jpg\n");
        string bad = _world.Write("bad.txt", "not found");
        string third = _world.Write("third.txt", "https://a.example/3.jpg\n");
        await _world.RunAsync(good, bad);
        string inputs = await File.ReadAllTextAsync(_world.Folder.At("out", "state", "inputs.txt"));

        _world.Settings["Laion:Input:Forget:0"] = _world.Folder.At(name);
        InputException e = await Assert.ThrowsAsync<InputException>(() => _world.RunAsync(third, bad));

        Assert.Contains(cause, e.Message, StringComparison.Ordinal);
        Assert.Equal(inputs, await File.ReadAllTextAsync(_world.Folder.At("out", "state", "inputs.txt")));
    }

    private static (RunEnd End, bool Complete) Ends(RunReport report) => (report.End, report.Summary.Complete);
}
