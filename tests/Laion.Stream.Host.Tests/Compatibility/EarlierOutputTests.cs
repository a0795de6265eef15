using System.Text.Json;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Compatibility;

/// <summary>Outputs of version 0.1.0 open, resume, retry and verify, whatever state they were left in.</summary>
public sealed class EarlierOutputTests
{
    /// <summary>A score may differ in its last bits between versions of the model runtime.</summary>
    private const double ScoreTolerance = 1e-4;

    public static TheoryData<string> All => [.. EarlierOutput.Names];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Inspect_AsItWasLeft_IsRead(string name)
    {
        await using EarlierOutput output = await EarlierOutput.OpenAsync(name);

        using HostProcess process = HostProcess.Start("inspect", output.Folder);

        (int code, string text, string error) = await process.EndAsync();
        Assert.True(code == 0, error);
        Assert.Contains(" files, ", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Verify_EarlierOutput_IsCompleteUnlessItWasKilled(string name)
    {
        await using EarlierOutput output = await EarlierOutput.OpenAsync(name);

        VerifyReport report = await output.VerifyAsync();

        bool killed = output.Made.TryGetProperty("kill", out JsonElement kill) && kill.GetString() != "stop";
        Assert.True(report.IsWhole == !killed, report.Line);
    }

    [Theory]
    [MemberData(nameof(All))]
    public Task ResumedThenRetried_EveryRowIsThereOnce(string name) => GoesOnAsync(name, resumeFirst: true);

    [Theory]
    [MemberData(nameof(All))]
    public Task RetriedThenResumed_EveryRowIsThereOnce(string name) => GoesOnAsync(name, resumeFirst: false);

    [Theory]
    [InlineData("wat-finished")]
    [InlineData("wat-killed")]
    [InlineData("wat-retry-killed")]
    [InlineData("list-drops-pending")]
    public async Task RowsRemovedThenResumed_TheyStayAwayAndTheOutputIsWhole(string name)
    {
        await using EarlierOutput output = await EarlierOutput.OpenAsync(name);
        Dictionary<string, JsonElement>[] asked = [.. (await output.RowsAsync()).Values.OrderBy(row => row["hash"].GetInt64()).Where((_, i) => i % 3 == 0)];
        string[] removed = [.. asked.Select(row => row["hash"].GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture))];
        string list = Path.Combine(output.Folder, "takedown.txt");
        await File.WriteAllLinesAsync(list, removed);

        using (HostProcess process = HostProcess.Start("remove", output.Folder, "--hash", list))
        {
            (int code, string text, string error) = await process.EndAsync();
            Assert.True(code == 0, error);
            Assert.StartsWith($"{removed.Length} rows removed", text, StringComparison.Ordinal);
        }

        Assert.Equal(RunEnd.Done, (await output.ResumeAsync()).End);
        Assert.Equal(RunEnd.Done, (await output.RetryAsync()).End);
        VerifyReport verified = await output.VerifyAsync();
        Assert.True(verified.IsWhole, verified.Line);
        Dictionary<string, Dictionary<string, JsonElement>> rows = await output.RowsAsync();
        Assert.Equal(rows.Count, verified.Rows);
        HashSet<string> pictures = [.. asked.Select(row => row["md5"].GetString()!)];
        Assert.All(output.Expected().Where(row => !rows.ContainsKey(row.Key)), row => Assert.Contains(row.Value["md5"].GetString()!, pictures)); // and rows that were not fetched yet, of the same pictures
        Assert.DoesNotContain(rows.Values, row => removed.Contains(row["hash"].GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static async Task GoesOnAsync(string name, bool resumeFirst)
    {
        await using EarlierOutput output = await EarlierOutput.OpenAsync(name);
        Dictionary<string, Dictionary<string, JsonElement>> before = await output.RowsAsync();

        for (int step = 0; step < 3; step++)
        {
            bool resume = output.IsExtract || (step % 2 == 0) == resumeFirst;
            RunReport report = resume ? await output.ResumeAsync() : await output.RetryAsync();
            Assert.Equal(RunEnd.Done, report.End);
        }

        Dictionary<string, Dictionary<string, JsonElement>> rows = await output.RowsAsync();
        AssertSame(output.Expected(), rows);
        Assert.All(before.Keys, key => Assert.Contains(key, rows.Keys));
        VerifyReport verified = await output.VerifyAsync();
        Assert.True(verified.IsWhole, verified.Line);
        Assert.Equal(rows.Count, verified.Rows);
        Assert.Empty(Directory.EnumerateFiles(output.Folder, ".*laion-tmp", SearchOption.AllDirectories));
    }

    private static void AssertSame(Dictionary<string, Dictionary<string, JsonElement>> expected, Dictionary<string, Dictionary<string, JsonElement>> rows)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, Dictionary<string, JsonElement> row) in expected)
        {
            foreach ((string column, JsonElement value) in row) { AssertSame($"{key} {column}", value, rows[key][column]); }
        }
    }

    private static void AssertSame(string place, JsonElement expected, JsonElement actual)
    {
        if (expected.ValueKind == JsonValueKind.Number && actual.ValueKind == JsonValueKind.Number && !expected.TryGetInt64(out _))
        {
            Assert.True(Math.Abs(expected.GetDouble() - actual.GetDouble()) <= ScoreTolerance, $"{place}: {expected} and {actual}");
            return;
        }

        Assert.True(expected.GetRawText() == actual.GetRawText(), $"{place}: {expected} and {actual}");
    }
}
