using DuckDB.NET.Data;
using LaionStream.Host.Hosting;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Verbs;

/// <summary><c>subset</c> as an operator calls it.</summary>
public sealed class SubsetVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-subset-verb-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Subset_Piped_PrintsOneLineAndWritesFileAndManifest()
    {
        string input = Make(1000);
        (int code, string text, string error) = await RunAsync(input, "--output", In("x.csv"), "--where", "i < 10", "--columns", "i, domain", "--columns", "URL");

        Assert.True(code == ExitCode.Done, error);
        Assert.StartsWith("10 of 1000 rows, ", Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal("", error);
        Assert.Equal("i,domain,URL", File.ReadLines(In("x.csv")).First());
        Assert.True(File.Exists(In("x.csv.subset.json")));
    }

    [Fact]
    public async Task Subset_Presets_AreListedWithTheirConditions()
    {
        (int code, string text, _) = await RunAsync("--presets");

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("re-laion-research-safe", text, StringComparison.Ordinal);
        Assert.Contains("WIDTH >= 1024 AND HEIGHT >= 1024", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name a file with --output", "{input}")]
    [InlineData("name an output folder", "--output", "{folder}/x.csv")]
    [InlineData("ends in none of .parquet", "{input}", "--output", "{folder}/x.zip")]
    [InlineData("there is no such preset", "{input}", "--output", "{folder}/x.csv", "--preset", "laion9b")]
    [InlineData("did you mean URL?", "{input}", "--output", "{folder}/x.csv", "--where", "ULR = ''")]
    [InlineData("the function read_text is not allowed", "{input}", "--output", "{folder}/x.csv", "--where", "read_text('/etc/passwd') = ''")]
    [InlineData("--memory-limit", "{input}", "--output", "{folder}/x.csv", "--memory-limit", "12")]
    [InlineData("--sample", "{input}", "--output", "{folder}/x.csv", "--sample", "0%")]
    public async Task Subset_WhatCannotBeDone_IsExitTwoWithItsReason(string reason, params string[] args)
    {
        string input = Make(10);
        (int code, string text, string error) = await RunAsync(
            [.. args.Select(arg => arg.Replace("{input}", input, StringComparison.Ordinal).Replace("{folder}", _folder.FullName, StringComparison.Ordinal))]);

        Assert.Equal((ExitCode.Usage, ""), (code, text));
        Assert.Contains(reason, error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["in.parquet"], _folder.EnumerateFileSystemInfos().Select(file => file.Name));
    }

    [Fact]
    public async Task Subset_Interrupted_LeavesNothing()
    {
        string input = Make(2_000_000);
        string slow = "length(concat(" + string.Join(',', Enumerable.Repeat("sha256(sha256(sha256(URL)))", 30)) + ")) <> 3";
        using HostProcess process = HostProcess.Start("subset", input, "--output", In("x.csv"), "--where", slow);
        DateTime deadline = DateTime.UtcNow.AddMinutes(1);
        while (!File.Exists(In(".x.csv.laion-tmp")) && !process.HasExited && DateTime.UtcNow < deadline) { await Task.Delay(20); }
        await process.SignalAsync("INT");

        (int code, string text, string error) = await process.EndAsync();

        Assert.Equal((ExitCode.Stopped, ""), (code, text));
        Assert.Contains("nothing was written", error, StringComparison.Ordinal);
        Assert.Equal(["in.parquet"], _folder.EnumerateFileSystemInfos().Select(file => file.Name));
    }

    [SkippableFact]
    public async Task OtherVerbs_Running_LoadNeitherSqlEngineNorVectorIndex()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Reads /proc.");
        using HostProcess process = HostProcess.Start("explain");
        string maps = "";
        await process.UntilAsync(() => (maps = File.ReadAllText($"/proc/{process.Id}/maps")).Contains("libvips", StringComparison.Ordinal)); // by then the verb runs, and waits for its first question
        await process.SignalAsync("KILL");
        await process.EndAsync();

        Assert.DoesNotContain("duckdb", maps, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("usearch", maps, StringComparison.OrdinalIgnoreCase);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private string Make(int rows)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"COPY (SELECT i, 'http://www.a' || i % 7 || '.example/' || i AS URL FROM range({rows}) t(i)) TO '{In("in.parquet")}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return In("in.parquet");
    }

    private static async Task<(int Code, string Text, string Error)> RunAsync(params string[] args)
    {
        using HostProcess process = HostProcess.Start(["subset", .. args]);
        return await process.EndAsync();
    }
}
