using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Parquet;
using LaionStream.Explorer.Exports;
using LaionStream.Explorer.Queries;
using LaionStream.Explorer.Tests.Api;
using LaionStream.Search.Subsets;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Exports;

public sealed class ExportTests
{
    [Fact]
    public async Task Export_Parquet_HasTheColumnsTypesAndValuesOfTheOutput()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        using var folder = new TempFolder();

        await File.WriteAllBytesAsync(folder.At("rows.parquet"), (await BytesAsync(served, """{"ids":[7,3,1000],"format":"parquet"}""")).Bytes);

        await using SampleFileReader exported = await SampleFileReader.OpenAsync(folder.At("rows.parquet"));
        await using SampleFileReader original = await SampleFileReader.OpenAsync(Path.Combine(served.Output.Folder, "en", "part-00001.parquet"));
        List<IReadOnlyList<KeyValuePair<string, object?>>> rows = await exported.ReadRowsAsync().ToListAsync();
        Assert.Equal(original.Columns.Select(column => (column.Name, column.Type)), exported.Columns.Select(column => (column.Name, column.Type)));
        Assert.Equal(2, rows.Count);
        Assert.Equal((await original.ReadRowsAsync().ToListAsync())[7], rows[0]);
    }

    [Fact]
    public async Task Export_TextFormats_QuoteWhatNeedsIt()
    {
        await using ServedOutput served = await ServedOutput.StartAsync(output => output.AddPartAsync("en", [MadeOutput.Row(0) with { Text = "a \"b\", c\nd" }, MadeOutput.Row(1) with { Text = null }]));

        (string csvType, byte[] csv) = await BytesAsync(served, """{"format":"csv"}""");
        (_, byte[] lines) = await BytesAsync(served, """{"format":"jsonl"}""");
        (string urlType, byte[] urls) = await BytesAsync(served, """{"format":"urls","limit":1}""");
        string text = Encoding.UTF8.GetString(csv);
        JsonElement[] rows = [.. Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

        Assert.Equal(("text/csv", "text/plain"), (csvType, urlType));
        Assert.StartsWith("SAMPLE_ID,URL,TEXT,", text, StringComparison.Ordinal);
        Assert.Contains(",\"a \"\"b\"\", c\nd\",", text, StringComparison.Ordinal);
        Assert.Contains(",2024-05-01T00:00:00Z", text, StringComparison.Ordinal);
        Assert.Equal("a \"b\", c\nd", rows[0].GetProperty("TEXT").GetString());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("TEXT").ValueKind);
        Assert.Equal(7919, rows[1].GetProperty("hash").GetInt64());
        Assert.Equal(MadeOutput.Row(0).Url + "\n", Encoding.UTF8.GetString(urls));
    }

    [Fact]
    public async Task Export_ASearch_GivesItsRowsBestFirst()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (_, byte[] urls) = await BytesAsync(served, """{"query":[{"row":0}],"safe":"show","distinct":true,"limit":3,"format":"urls"}""");

        Assert.Equal([MadeOutput.Row(0).Url, MadeOutput.Row(20).Url, MadeOutput.Row(40).Url], Encoding.UTF8.GetString(urls).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("""{"format":"xlsx"}""", "format")]
    [InlineData("""{"limit":0}""", "limit")]
    [InlineData("""{"ids":["x"]}""", "ids[0]")]
    [InlineData("""{"ids":[1,2,3,4]}""", "ids")]
    [InlineData("""{"path":"/etc/passwd"}""", "path")]
    public async Task Export_AMistake_IsNamed(string body, string field)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync(change: options => options.ExportRows = 3);

        (int status, JsonElement error) = await served.AskAsync(HttpMethod.Post, "/api/v1/export", body);

        Assert.Equal((400, field), (status, error.GetProperty("field").GetString()));
    }

    public static TheoryData<string, Func<int, bool>> Filters => BrowsingTests.Filters;

    /// <summary>What the page shows to be copied is what it shows: the command's rows are those of the filter.</summary>
    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Command_OfAFilter_WritesTheSameRows(string filter, Func<int, bool> passes)
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();
        using var folder = new TempFolder();
        if (filter.Contains("\"nothing\"", StringComparison.Ordinal)) { return; } // a column that no file has is an error to subset

        (int status, JsonElement answer) = await served.AskAsync(HttpMethod.Post, "/api/v1/export/command", $$"""{"filter":{{filter}},"safe":"hide","format":"urls"}""");
        string command = answer.GetProperty("command").GetString()!;
        SubsetWriter.Write(
            new SubsetRequest { Inputs = [served.Output.Folder], Output = folder.At("rows.txt"), Format = SubsetFormat.Urls, Where = WhereOf(command) }, new SubsetProgress(), CancellationToken.None);

        Assert.Equal(200, status);
        Assert.StartsWith("laion-stream subset out --output rows.txt", command, StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(0, 100).Where(i => passes(i) && i % 10 < 8).Select(i => MadeOutput.Row(i).Url), (await File.ReadAllLinesAsync(folder.At("rows.txt"))).Where(line => line.Length > 0));
    }

    [Fact]
    public async Task Command_OfIds_NamesTheirHashesAndHostileTextStaysAWord()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (_, JsonElement ids) = await served.AskAsync(HttpMethod.Post, "/api/v1/export/command", """{"ids":[3,7],"format":"csv"}""");
        (_, JsonElement hostile) = await served.AskAsync(HttpMethod.Post, "/api/v1/export/command", """{"filter":{"domains":["x'; rm -rf / #$(reboot)`"]},"safe":"show"}""");

        Assert.Equal("laion-stream subset out --output rows.csv --where 'hash IN (23757, 55433)'", ids.GetProperty("command").GetString());
        Assert.Equal("""laion-stream subset out --output rows.parquet --distinct phash --where 'domain IN ('\''x'\'''\''; rm -rf / #$(reboot)`'\'')'""", hostile.GetProperty("command").GetString());
    }

    /// <summary>An output that was made without a safety model is as safe as its tags.</summary>
    [Theory]
    [InlineData("NSFW", " --where 'NSFW IS DISTINCT FROM '\\''NSFW'\\'' AND NSFW IS DISTINCT FROM '\\''UNSURE'\\'''")]
    [InlineData("punsafe", " --where '(punsafe < 0.5 OR punsafe IS NULL)'")]
    [InlineData("URL", "")]
    public void Command_WithoutUnsafeRows_UsesTheColumnsThatThereAre(string column, string where) =>
        Assert.Equal(
            "laion-stream subset out --output rows.csv" + where, SubsetCommand.Of(new FilterBody(), hidesUnsafe: true, [column], ["out"], "csv", distinct: false));

    private static string? WhereOf(string command)
    {
        const string Option = " --where ";
        int at = command.IndexOf(Option, StringComparison.Ordinal);
        return at < 0 ? null : command[(at + Option.Length + 1)..^1].Replace("'\\''", "'", StringComparison.Ordinal);
    }

    private static async Task<(string Type, byte[] Bytes)> BytesAsync(ServedOutput served, string body)
    {
        using HttpResponseMessage answer = await served.Client.PostAsync("/api/v1/export", new StringContent(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        return (answer.Content.Headers.ContentType!.MediaType!, await answer.Content.ReadAsByteArrayAsync());
    }
}
