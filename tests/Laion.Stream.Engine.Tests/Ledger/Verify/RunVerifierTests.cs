using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.Verify;

public sealed class RunVerifierTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task VerifyAsync_FinishedRun_HasNoErrors()
    {
        await MakeAsync();

        VerifyReport report = await VerifyAsync();

        Assert.Equal("whole: 19 rows in 5 files, 120 links accounted for, 2 of 2 input files done", report.Line);
    }

    [Fact]
    public async Task VerifyAsync_NoOutput_IsRefused() => await Assert.ThrowsAsync<OutputRefusedException>(VerifyAsync);

    [Theory]
    [InlineData("missing")]
    [InlineData("cut")]
    [InlineData("other bytes")]
    [InlineData("stranger")]
    [InlineData("summary")]
    [InlineData("no summary")]
    [InlineData("done")]
    [InlineData("ledger")]
    public async Task VerifyAsync_OneThingIsWrong_SaysWhat(string what)
    {
        await MakeAsync();
        string part = Directory.EnumerateFiles(_folder.Root, "part-*.parquet", SearchOption.AllDirectories).Order().First();
        string ledger = Directory.EnumerateFiles(_folder.At("state"), "ledger-*.log").Order().First();
        switch (what)
        {
            case "missing": File.Delete(part); break;
            case "cut": await File.WriteAllBytesAsync(part, (await File.ReadAllBytesAsync(part))[..^1]); break;
            case "other bytes": await FlipAsync(part, 100); break;
            case "stranger": File.Copy(part, part.Replace("part-", "part-7", StringComparison.Ordinal)); break;
            case "summary": await ChangeAsync(_folder.At("summary.json"), "\"kept\": 19", "\"kept\": 18"); break;
            case "no summary": File.Delete(_folder.At("summary.json")); break;
            case "done": await ChangeAsync(_folder.At(Path.Combine("state", "done.jsonl")), "\"no_alt\":12", "\"no_alt\":13"); break;
            case "ledger": await FlipAsync(ledger, 60); break;
        }

        VerifyReport report = await VerifyAsync();

        Assert.False(report.IsWhole);
        Assert.StartsWith("not whole: ", report.Line, StringComparison.Ordinal);
        string expected = what switch
        {
            "missing" or "cut" or "other bytes" => Path.GetFileName(part),
            "stranger" => "part-7",
            "done" => "done line",
            "ledger" => Path.GetFileName(ledger),
            _ => "summary.json",
        };
        Assert.Contains(expected, report.Line, StringComparison.Ordinal);
    }

    private async Task MakeAsync()
    {
        var world = new LedgerWorld(_folder.Root, files: 2);
        await world.RunAsync();
        await using RunState state = world.Open();
        SummaryFile.Write(_folder.Root,
            SummaryFile.From("run", state.Snapshot(), new FilesSummary(2, 2),
            world.Clock.GetUtcNow()) with
            { Models = new Dictionary<string, string> { ["clip"] = "ab" } });
    }

    private Task<VerifyReport> VerifyAsync() => new RunVerifier(_folder.Root).VerifyAsync(CancellationToken.None);

    private static async Task FlipAsync(string path, int at)
    {
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[at] ^= 0x40;
        await File.WriteAllBytesAsync(path, bytes);
    }

    private static async Task ChangeAsync(string path, string from, string to)
    {
        string text = await File.ReadAllTextAsync(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
    }
}
