using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using DuckDB.NET.Data;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Host.Tests.Demo;

/// <summary><c>Writing:Images</c> in a whole run on the demo's web.</summary>
public sealed class ShardOutputTests
{
    [Fact]
    public async Task Run_OriginalPictures_BytesAreThoseThatWereFetched()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Images", "original"), ("Laion:Writing:RowsPerShard", "30"));

        List<(string Name, byte[] Bytes)> entries = await RunAsync(run);

        List<Dictionary<string, object?>> rows = await run.RowsAsync();
        foreach (Dictionary<string, object?> row in rows)
        {
            (string name, byte[] bytes) =
                Assert.Single(entries, entry => entry.Name.StartsWith($"{row["key"]}.", StringComparison.Ordinal)
                && Convert.ToHexStringLower(MD5.HashData(entry.Bytes)) == (string)row["md5"]!);
            Assert.Equal(ImageHeader.Read(bytes)
                .Format switch
            { ImageFormat.Jpeg => "jpg", ImageFormat.Png => "png", _ => "webp" }, name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        }

        Assert.Equal(71, rows.Count);
        Assert.Contains("00001", rows.Select(row => row["shard"]));
    }

    [Theory]
    [InlineData("jpg", "95", "keepRatio", ImageFormat.Jpeg)]
    [InlineData("webp", "80", "centerCrop", ImageFormat.WebP)]
    [InlineData("png", "3", "border", ImageFormat.Png)]
    public async Task Run_ResizedPictures_EachHasTheSizeThatItsFactsTell(string format, string quality, string mode, ImageFormat expected)
    {
        await using DemoRun run = await DemoRun.StartAsync(
            ("Laion:Writing:Images", "resized"), ("Laion:Writing:Embeddings", "both"), ("Laion:Writing:Resize:Format", format), ("Laion:Writing:Resize:Quality",
                quality),
            ("Laion:Writing:Resize:Mode", mode), ("Laion:Writing:Resize:Size", "64"));

        List<(string Name, byte[] Bytes)> entries = await RunAsync(run);

        for (int i = 0; i < entries.Count; i += 3)
        {
            ImageHeader header = ImageHeader.Read(entries[i].Bytes);
            using JsonDocument json = JsonDocument.Parse(entries[i + 2].Bytes);
            Assert.Equal((expected, header.Width, header.Height),
                (header.Format, json.RootElement.GetProperty("width").GetInt32(), json.RootElement.GetProperty("height").GetInt32()));
            Assert.Equal(64, mode == "keepRatio" ? Math.Min(header.Width, header.Height) : header.Width);
            Assert.EndsWith($".{format}", entries[i].Name, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("original", "jpg")]
    [InlineData("resized", "webp")]
    public async Task Run_PicturesInParquet_DuckDbReadsTheBytesOfEachRow(string images, string column)
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Images", images), ("Laion:Writing:Container", "parquet"),
            ("Laion:Writing:Resize:Format", "webp"), ("Laion:Writing:RowsPerShard", "30"));
        await AssertWholeAsync(run);

        Assert.Empty(Tars(run));
        await AssertSidecarsAsync(run);
        await using var duck = new DuckDBConnection("Data Source=:memory:");
        await duck.OpenAsync();
        await using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM (SELECT *, typeof({column}) AS kind FROM read_parquet('{run.Output}/*/images/*.parquet')) WHERE kind = 'BLOB' AND "
            + (images == "original" ? $"md5({column}) = md5" : $"hex({column}) LIKE '52494646________57454250%'");
        Assert.Equal(71L, await command.ExecuteScalarAsync());
        Assert.True(new FileInfo(Directory.EnumerateFiles(run.Output, "00000.parquet", SearchOption.AllDirectories).First()).Length > 5000);
    }

    [Fact]
    public async Task Run_LooseFiles_AreThoseOfTheTarAndGoWithTheirRows()
    {
        await using DemoRun run = await DemoRun.StartAsync(
            ("Laion:Writing:Images", "original"), ("Laion:Writing:Container", "files"), ("Laion:Writing:RowsPerShard", "30"));
        await AssertWholeAsync(run);

        Assert.Empty(Tars(run));
        foreach (Dictionary<string, object?> row in await run.RowsAsync())
        {
            string folder = Assert.Single(Directory.EnumerateDirectories(run.Output, (string)row["shard"]!, SearchOption.AllDirectories),
                folder => File.Exists(Path.Combine(folder, $"{row["key"]}.txt")) && File.ReadAllText(Path.Combine(folder, $"{row["key"]}.txt")) == (string?)row["TEXT"]);
            string[] files = [.. Directory.EnumerateFiles(folder, $"{row["key"]}.*")];
            Assert.Equal(3, files.Length);
            Assert.Single(files, file => Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(file))) == (string)row["md5"]!);
            using JsonDocument json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, $"{row["key"]}.json")));
            Assert.Equal(row["URL"], json.RootElement.GetProperty("url").GetString());
        }
    }

    /// <summary>Runs, checks what holds of every such output, and reads the tars.</summary>
    private static async Task<List<(string Name, byte[] Bytes)>> RunAsync(DemoRun run)
    {
        await AssertWholeAsync(run);
        var entries = new List<(string Name, byte[] Bytes)>();
        foreach (string path in Tars(run))
        {
            await using FileStream file = File.OpenRead(path);
            await using var tar = new TarReader(file);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                using var bytes = new MemoryStream();
                await entry.DataStream!.CopyToAsync(bytes);
                entries.Add((entry.Name, bytes.ToArray()));
            }
        }

        Assert.Equal(3 * 71, entries.Count);
        await AssertSidecarsAsync(run);
        await AssertSizesAsync(run);
        return entries;
    }

    private static async Task AssertWholeAsync(DemoRun run)
    {
        RunReport report = await run.ExecuteAsync();
        Assert.Equal((RunEnd.Done, 71L), (report.End, report.Summary.Kept));
        VerifyReport verified = await new RunVerifier(run.Output).VerifyAsync(default);
        Assert.True(verified.IsWhole, verified.Line);
    }

    private static string[] Tars(DemoRun run) => [.. Directory.EnumerateFiles(run.Output, "*.tar", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static async Task AssertSidecarsAsync(DemoRun run)
    {
        await using var duck = new DuckDBConnection("Data Source=:memory:");
        await duck.OpenAsync();
        await using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM read_parquet('{run.Output}/*/part-*.parquet') r JOIN read_parquet('{run.Output}/*/images/*.parquet') s "
            + "ON r.SAMPLE_ID = s.SAMPLE_ID AND r.key = s.key AND r.URL = s.url AND r.TEXT = s.caption AND s.status = 'success' AND r.WIDTH = s.original_width";
        Assert.Equal(71L, await command.ExecuteScalarAsync());
    }

    private static async Task AssertSizesAsync(DemoRun run)
    {
        int listed = 0;
        foreach (IGrouping<string, string> folder in Tars(run).GroupBy(path => Path.GetDirectoryName(path)!))
        {
            using JsonDocument sizes = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder.Key, "sizes.json")));
            Assert.Equal(folder.Select(Path.GetFileName), sizes.RootElement.EnumerateObject().Select(tar => tar.Name));
            listed += sizes.RootElement.EnumerateObject().Sum(tar => tar.Value.GetInt32());
        }

        Assert.Equal(71, listed);
    }
}
