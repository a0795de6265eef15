using System.Text.Json;
using LaionStream.Host.Tests.Faults;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Verbs;

/// <summary><c>reexamine</c> lists the rows of an output whose origins object since.</summary>
public sealed class ReexamineVerbTests
{
    [Fact]
    public async Task Reexamine_OriginThatObjectsSince_ListsItsRows()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 1);
        await run.ExecuteAsync();
        run.PictureOf = path => path switch
        {
            "/robots.txt" => [.. "User-agent: *\nContent-Usage: /0/1 train-ai=n\n"u8],
            "/.well-known/tdmrep.json" => [.. """[{"location":"/0/2.png","tdm-reservation":1}]"""u8],
            _ => run.Picture,
        };

        (int code, string text, string error) = await AskAsync(run);

        Assert.True(code == 0, error);
        Dictionary<string, string>[] rows = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()))];
        // Of 0/1, 0/10 … 0/19, those that are no multiple of six were kept; so was 0/2.
        Assert.Equal(10, rows.Length);
        Assert.Equal(9, rows.Count(row => row["signal"] == "robots_content_usage" && row["URL"].Contains("/0/1", StringComparison.Ordinal)));
        Assert.EndsWith("/0/2.png", Assert.Single(rows, row => row["signal"] == "tdm_file")["URL"], StringComparison.Ordinal);
        Assert.All(rows, row => Assert.True(row["part"].EndsWith(".parquet", StringComparison.Ordinal) && row.ContainsKey("SAMPLE_ID") && row.ContainsKey("hash")));
        Assert.Contains($"{SmallRun.KeptPerFile} rows asked about, 10 reserved", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reexamine_RowsThatAreYoung_AreNotAskedAbout()
    {
        await using SmallRun run = await SmallRun.StartAsync(files: 1);
        await run.ExecuteAsync();

        (int code, string text, string error) = await AskAsync(run, "--older-than", "1.00:00:00");

        Assert.True(code == 0, error);
        Assert.Equal("", text);
        Assert.Contains("0 rows asked about", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Text, string Error)> AskAsync(SmallRun run, params string[] more)
    {
        using HostProcess process = HostProcess.Start(
            ["reexamine", run.Output, $"--Laion:Download:Resolve:*={run.EndPoint}", "--Laion:Download:AllowPrivate:0=127.0.0.0/8", .. more]);
        return await process.EndAsync();
    }
}
