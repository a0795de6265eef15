using LaionStream.Demo;

namespace LaionStream.Host.Tests.Process;

/// <summary>Failures before the first input is read, from outside.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-start");

    private string Output => Path.Combine(_folder.FullName, "out");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("run", "wat.paths.gz", "TERM")]
    [InlineData("extract", "wat.paths.gz", "INT")]
    [InlineData("run", "list.jsonl", "INT")]
    [InlineData("extract", "list.parquet", "TERM")]
    public async Task Signal_WhileAServerIsMute_EndsWithThreeAndLeavesNoInput(string verb, string name, string signal)
    {
        await using SocketServer server = Mute();
        string address = $"http://me:secret1@127.0.0.1:{server.Port}/{name}?sig=secret2";
        using HostProcess process = HostProcess.Start(verb, "--input", address, "--output", Output, "--Laion:Filtering:Off=true");
        await UntilConnectedAsync(server);
        await process.SignalAsync(signal);
        (int code, string output, string error) = await process.EndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(code == 3, error);
        Assert.Contains("Stopped before", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output + error + Logs(), StringComparison.Ordinal);
        AssertNoInputs();
    }

    [Fact]
    public async Task Signal_WhileModelsArePulled_EndsWithThree()
    {
        await using SocketServer server = Mute();
        using HostProcess process = HostProcess.Start("models", "pull", "clip-b32", "--models", Output, "--base", $"http://127.0.0.1:{server.Port}/");
        await UntilConnectedAsync(server);
        await process.SignalAsync("INT");
        (int code, _, string error) = await process.EndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(code == 3, error);
        Assert.Contains("Pull again", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("ftp://a.example/")]
    public async Task ModelsPull_BaseThatIsNotAnAddress_IsAUsageError(string address)
    {
        using HostProcess process = HostProcess.Start("models", "pull", "clip-b32", "--models", Output, "--base", address);
        (int code, _, string error) = await process.EndAsync();

        Assert.True(code == 2, error);
        Assert.Contains("--base", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Laion:Writing:Path", "retry", "--output", "{nowhere}")]
    [InlineData("inspect", "inspect", "{nowhere}")]
    [InlineData("is no output folder", "verify", "{nowhere}")]
    [InlineData("Laion:Writing:Path: 's3://bucket/out' is an address", "extract", "--input", "{file}", "--output", "s3://bucket/out")]
    [InlineData("Laion:Writing:Path", "extract", "--input", "{file}", "--output", "{file}")]
    [InlineData("Laion:Writing:Path", "extract", "--input", "{file}", "--output", "{file}/below")]
    [InlineData("Laion:Input:Paths: 's3://bucket/in.wat'", "extract", "--input", "s3://bucket/in.wat", "--output", "{nowhere}")]
    [InlineData("Laion:Candidates:BlockedDomainsFile", "extract", "--input", "{file}", "--output", "{nowhere}",
        "--Laion:Candidates:BlockedDomainsFile=none.txt")]
    [InlineData("Laion:Models:Path: '{nowhere}' is not there.", "run", "--input", "{file}", "--models", "{nowhere}", "--output", "{nowhere}")]
    [InlineData("--output", "demo", "--output", "{folder}")]
    [InlineData("--output", "demo", "--output", "/proc/demo")]
    [InlineData("Laion:Candidates:Rules: a value is wanted: one of default, laion5b.", "extract", "--input", "{file}", "--Laion:Candidates:Rules")]
    [InlineData("Laion:Download:Retries: a value is wanted", "extract", "--input", "{file}", "--Laion:Download:Retries=")]
    [InlineData("Laion:Candidates: '5' stands where a group of keys is wanted.", "extract", "--input", "{file}", "--Laion:Candidates=5")]
    [InlineData("Laion:Download:PerHost: '5' stands where a group of keys is wanted.", "extract", "--input", "{file}", "--Laion:Download:PerHost=5")]
    [InlineData("Laion:Input:Paths: 'http://[::1' is a malformed address.", "extract", "--input", "http://[::1", "--output", "{nowhere}")]
    [InlineData("Laion:Input:Paths: 'https://' is a malformed address.", "extract", "--input", "https://?me", "--output", "{nowhere}")]
    [InlineData("'x' is not one of all, first:N", "extract", "--input", "{file}", "--sample", "x")]
    [InlineData("--supervise", "run", "--input", "{file}", "--supervise", "x")]
    [InlineData("--supervise", "run", "--input", "{file}", "--supervise", "-1")]
    [InlineData("is no output folder", "reexamine", "{folder}")]
    [InlineData("did you mean extract?", "extrct")]
    [InlineData("did you mean --input?", "extract", "--inptu", "{file}")]
    [InlineData("did you mean --Laion:Download:Timeout?", "extract", "--Download:Timeout=00:00:01")]
    public async Task Refused_WithTwo_NamesTheCauseAndMakesNothing(string expected, params string[] args)
    {
        string file = Path.Combine(_folder.FullName, "list.csv");
        await File.WriteAllTextAsync(file, "url,caption\nhttp://a.example/1.jpg,a caption of some length\n");
        string Fill(string text) => text.Replace("{file}", file, StringComparison.Ordinal)
            .Replace("{folder}", _folder.FullName, StringComparison.Ordinal).Replace("{nowhere}", Output, StringComparison.Ordinal);
        using HostProcess process = HostProcess.Start([.. args.Select(Fill)]);
        (int code, string output, string error) = await process.EndAsync();

        Assert.True(code == 2, error);
        Assert.Empty(output);
        Assert.Contains(Fill(expected), error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public async Task Refused_SettingsInputsModelsAndOutput_AreReportedTogether()
    {
        using HostProcess process = HostProcess.StartWith(
            ("LAION_Download__Retries", "1"),
            "run", "--input", "nope.wat", "nor-this.csv", "--models", Output, "--output", "s3://b", "--Laion:Download:Timeout=soon", "--Laion:Imaging:MinSide=0", "--Laion:Nothing:X=1");
        (int code, _, string error) = await process.EndAsync();

        Assert.True(code == 2, error);
        Assert.Equal(8, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(
            ["Laion:Nothing:", "Laion:Download:Timeout:", "Laion:Imaging:MinSide:", "'nope.wat'", "'nor-this.csv'", "Laion:Models:Path:", "Laion:Writing:Path:",
                "LAION_Download__Retries:"],
            part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refused_InputsOrSettings_LeaveNoState()
    {
        string bad = Path.Combine(_folder.FullName, "bad.csv");
        string good = Path.Combine(_folder.FullName, "good.csv");
        await File.WriteAllTextAsync(bad, "picture,words\nhttp://a.example/1.jpg,a caption of some length\n");
        await File.WriteAllTextAsync(good, "url,caption\nhttp://a.example/1.jpg,a caption of some length\n");
        using (HostProcess refused = HostProcess.Start("extract", "--input", bad, "--output", Output, "--Laion:Candidates:MinCaption=9"))
        {
            (int code, _, string error) = await refused.EndAsync();
            Assert.True(code == 2, error);
        }

        AssertNoInputs();
        using HostProcess process = HostProcess.Start("extract", "--input", good, "--output", Output);
        (int done, _, string why) = await process.EndAsync();
        Assert.True(done == 0, why);
        Assert.Contains("\"complete\": true", await File.ReadAllTextAsync(Path.Combine(Output, "summary.json")), StringComparison.Ordinal);
    }

    private static SocketServer Mute() => new(async (socket, stop) =>
    {
        using (socket) { await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }
    });

    private static async Task UntilConnectedAsync(SocketServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (server.Connections == 0) { await Task.Delay(20, patience.Token); }
        await Task.Delay(200, patience.Token); // the request has been sent
    }

    private void AssertNoInputs()
    {
        string inputs = Path.Combine(Output, "state", "inputs.txt");
        Assert.True(!File.Exists(inputs) || new FileInfo(inputs).Length == 0);
    }

    private string Logs() =>
        Directory.Exists(Output) ? string.Concat(Directory.EnumerateFiles(Output, "*", SearchOption.AllDirectories).Select(File.ReadAllText)) : string.Empty;
}
