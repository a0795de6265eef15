using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.TestWorld;
using LaionStream.TestWorld.Wats;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Inputs.Lists;

public sealed class ParquetListTests : IDisposable
{
    private readonly ListWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task ReadAsync_ColumnsOfLaion400M_WorkAsTheyAre()
    {
        // Schemas of published Parquet files.
        InputFile file = Copy("laion400m.parquet",
            "i::BIGINT AS SAMPLE_ID, 'https://a/' || i AS URL, CASE WHEN i % 7 = 3 THEN NULL ELSE 'cat number ' || i END AS TEXT, 300::INT AS HEIGHT, 400::INT AS WIDTH, '?' AS LICENSE, 'UNLIKELY' AS NSFW, 0.3::DOUBLE AS similarity FROM range(5000) t(i)");
        IReadOnlyList<ExtraColumn> extras = await _world.SchemaAsync(true, file);
        Assert.Equal(
            [("input_SAMPLE_ID", ExtraColumnKind.Int64), ("input_HEIGHT", ExtraColumnKind.Int64), ("input_WIDTH", ExtraColumnKind.Int64),
                ("input_LICENSE", ExtraColumnKind.Text), ("input_NSFW", ExtraColumnKind.Text), ("input_similarity", ExtraColumnKind.Double)],
            extras.Select(extra => (extra.Name, extra.Kind)));
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal(5000, outcomes.Count);
        for (int i = 0; i < outcomes.Count; i++)
        {
            Assert.Equal(i % 7 == 3 ? DropReason.NoAlt : DropReason.None, outcomes[i].Reason);
            if (outcomes[i].Candidate is { } row)
            {
                Assert.Equal(($"https://a/{i}", $"cat number {i}"), (row.Url, row.Text));
                Assert.Equal([(long)i, 300L, 400L, "?", "UNLIKELY", 0.3], row.Extras!);
            }
        }
    }

    [Fact]
    public async Task ReadAsync_ColumnsOfLaion2BJoined_WorkAsTheyAre()
    {
        InputFile file = Copy("joined.parquet",
            "'https://a/' || i AS URL, 'cat number ' || i AS TEXT, 3::INT AS WIDTH, 4::INT AS HEIGHT, 0.5::DOUBLE AS similarity, 'de' AS LANGUAGE, i::BIGINT AS hash, 0.25::FLOAT AS pwatermark, NULL::FLOAT AS punsafe FROM range(10) t(i)");
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal([3L, 4L, 0.5, "de", 9L, 0.25, null], outcomes[9].Candidate!.Extras!);
    }

    [Fact]
    public async Task ReadAsync_OtherTypes_AreKeptOrNamed()
    {
        InputFile file = Copy("types.parquet",
            "'https://a/1' AS url, 'a black cat' AS caption, true AS b, TIMESTAMP '2024-05-06 07:08:09' AS t, 5::UTINYINT AS u, [1.5, 2.5] AS boxes, 'https://p/1' AS page_url");
        IReadOnlyList<ExtraColumn> extras = await _world.SchemaAsync(true, file);
        Assert.Equal(["b", "t", "u", "input_page_url"], extras.Select(extra => extra.Name));
        Candidate row = (await _world.ReadAsync(file))[0].Candidate!;
        Assert.Equal([true, new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), 5L, "https://p/1"], row.Extras!);
        Assert.Equal("https://p/1", row.PageUrl);
    }

    [Fact]
    public async Task ReadAsync_DamagedRowGroup_KeepsThePlacesOfTheOthers()
    {
        InputFile file = Copy("groups.parquet", "'https://a/' || i AS url, 'cat number ' || md5(i::VARCHAR) AS caption FROM range(20000) t(i)");
        byte[] bytes = File.ReadAllBytes(file.Location);
        bytes.AsSpan(4, 3000).Fill(0xA5);
        File.WriteAllBytes(file.Location, bytes);
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal(20_000, outcomes.Count);
        Assert.Equal(1, _world.Health.DamagedMembers);
        int bad = outcomes.TakeWhile(outcome => outcome.Reason == DropReason.BadUrl).Count();
        Assert.InRange(bad, 1, 19_999);
        Assert.Equal($"https://a/{bad}", outcomes[bad].Candidate!.Url);
    }

    // Row groups of 3000 and 1000 rows in pages of a few hundred, that do not end together; columns that stop using their dictionary half-way.
    // Written by arrow-rs (npm parquet-wasm 0.6.1): data pages of version 1 with snappy, of version 2 with zstd.
    [Theory]
    [InlineData("pages-v1.parquet")]
    [InlineData("pages-v2.parquet")]
    public async Task ReadAsync_GroupsOfManyPages_GiveEveryRow(string name)
    {
        List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write(name, File.ReadAllBytes(PathOfPages(name))));
        Assert.Equal(4000, outcomes.Count);
        for (int i = 0; i < outcomes.Count; i++)
        {
            Assert.Equal(i % 7 == 3 ? DropReason.NoAlt : DropReason.None, outcomes[i].Reason);
            if (outcomes[i].Candidate is { } row)
            {
                Assert.Equal(($"https://a/{i}", $"cat number {i % 1000}"), (row.Url, row.Text));
                Assert.Equal([(long)i, i % 5 == 0 ? null : (long)(i % 30), i % 50 == 0 ? "NSFW" : "UNLIKELY", 0.25 + (i % 64 / 256.0)], row.Extras!);
            }
        }
    }

    [Fact]
    public async Task ReadAsync_DamagedPage_LosesNoRowsBeforeItAndNoOrdinals()
    {
        byte[] bytes = File.ReadAllBytes(PathOfPages("pages-v1.parquet"));
        bytes.AsSpan(bytes.AsSpan().IndexOf("https://a/2000"u8) + 100, 500).Fill(0xA5); // in a page of plain URLs
        List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write("damaged.parquet", bytes));
        Assert.Equal(4000, outcomes.Count);
        Assert.Equal(1, _world.Health.DamagedMembers);
        int good = outcomes.TakeWhile(outcome => outcome.Reason != DropReason.BadUrl).Count();
        Assert.InRange(good, 1500, 2100);
        Assert.Equal(FormattableString.Invariant($"row group 1 of 2 cannot be read from its row {good + 1} on, column 'URL'"),
            _world.Health.FirstDamage!.Split(": ")[0]);
        Assert.Equal("https://a/3999", outcomes[3999].Candidate!.Url);
    }

    [Fact]
    public async Task ReadAsync_RemoteFileOnAConnectionThatDrops_GivesEveryRow()
    {
        // More blocks than are kept, read column by column.
        byte[] file = await MakeAsync(
            "'https://a/' || md5(i::VARCHAR) AS url, 'cat number ' || i AS caption, md5((i * 7)::VARCHAR) || md5((i * 11)::VARCHAR) AS x FROM range(60000) t(i)", 1 << 16);
        Assert.InRange(file.Length, 4 << 20, int.MaxValue);
        await using var server = new CuttingServer(file, new CuttingServerManners(5, 100_000, 2_000_000));
        InputFile local = _world.Write("local.parquet", file);

        List<LinkOutcome> outcomes = await _world.ReadAsync(new InputFile(3, server.AddressOf("remote.parquet")));

        Assert.InRange(_world.Health.Resumed, 1, int.MaxValue);
        Assert.Equal((file.Length, 0), (_world.Health.Bytes, _world.Health.DamagedMembers));
        List<LinkOutcome> expected = await _world.ReadAsync(local);
        Assert.Equal(expected.Select(outcome => (outcome.Candidate!.Key, outcome.Candidate.Url, outcome.Candidate.Text, outcome.Candidate.Extras![0])),
            outcomes.Select(outcome => (outcome.Candidate!.Key, outcome.Candidate.Url, outcome.Candidate.Text, outcome.Candidate.Extras![0])));
    }

    [Fact]
    public async Task ReadAsync_RemoteFileAndAServerWithoutRange_SaysWhatToDo()
    {
        await using var server =
            new CuttingServer(await MakeAsync("'https://a/1' AS url, 'a cat' AS caption"),
            new CuttingServerManners(5, 1 << 20, 1 << 21) { IgnoresRange = true });

        IOException e = await Assert.ThrowsAnyAsync<IOException>(() => _world.ReadAsync(new InputFile(3, server.AddressOf("remote.parquet"))));

        Assert.Contains("download it first", e.Message, StringComparison.Ordinal);
        Assert.Contains("remote.parquet", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_RemoteFileIsReplacedOnTheWay_EndsTheRunAndLosesNoRows()
    {
        byte[] file = await MakeAsync("'https://a/' || md5(i::VARCHAR) AS url, 'cat number ' || i AS caption FROM range(120000) t(i)");
        await using var server = new CuttingServer(file, new CuttingServerManners(5, 1 << 20, 1 << 21) { ChangesAfter = 5 });

        IOException e = await Assert.ThrowsAnyAsync<IOException>(() => _world.ReadAsync(new InputFile(3, server.AddressOf("remote.parquet"))));

        Assert.Contains("changed", e.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (_world.Health.DamagedMembers, _world.Health.BadRecords));
    }

    [Fact]
    public async Task ReadAsync_NotParquet_NamesTheFile()
    {
        IOException e = await Assert.ThrowsAnyAsync<IOException>(() => _world.ReadAsync(_world.Write("not.parquet", "this is not parquet at all")));
        Assert.Contains("not.parquet", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ReadAsync_Img2datasetsSample_GivesItsThousandRows()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        List<LinkOutcome> outcomes = await _world.ReadAsync(new InputFile(0, SharedData.PathOf("data", "captions", "img2dataset", "test_1000.parquet")));
        Assert.Equal(1000, outcomes.Count);
        Assert.Equal("http://direct.rhapsody.com/imageserver/v2/albums/Alb.131805200/images/170x170.jpg", outcomes[0].Candidate!.Url);
        Assert.Equal([0L], outcomes[0].Candidate!.Extras!);
        Assert.All(outcomes,
            outcome => Assert.True(outcome.Reason is DropReason.None or DropReason.ShortCaption or DropReason.NoAlt
            or DropReason.UrlBlocked, outcome.ToString()));

        string[] lines = File.ReadAllLines(SharedData.PathOf("data", "captions", "img2dataset", "test_1000.txt"));
        List<LinkOutcome> txt =
            await _world.ReadAsync(new InputFile(0, SharedData.PathOf("data", "captions", "img2dataset", "test_1000.txt")), captionRequired: false);
        Assert.Equal(lines.Where(line => line.Length > 0), txt.Select(outcome => outcome.Candidate?.Url ?? lines[0]));
    }

    [SkippableFact]
    public async Task ReadAsync_Img2datasetsSample_PassesTheRulesForLinks()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        var options = new CandidateOptions();
        var file = new InputFile(0, SharedData.PathOf("data", "captions", "img2dataset", "test_1000.parquet"));
        var reader = new ListReader(
            _world.Files, ListRules.Of(new CaptionRules(options), new UrlRules(options)), await _world.SchemaAsync(true,
                file), true, NullLogger<ListReader>.Instance);
        var outcomes = new List<LinkOutcome>();
        await foreach (PageLinks page in reader.ReadAsync(file, new InputHealth(), CancellationToken.None))
        {
            outcomes.AddRange(page.Outcomes);
        }

        Candidate[] rows = [.. outcomes.Select(outcome => outcome.Candidate).OfType<Candidate>()];
        Assert.Equal(1000, outcomes.Count);
        Assert.InRange(rows.Length, 900, 1000);
        Assert.All(rows, row => Assert.Equal(CandidateHash.Of(row.Url, row.Text), row.Hash));
    }

    private static string PathOfPages(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Pages", name);

    /// <summary>The bytes of a file of several row groups.</summary>
    internal static async Task<byte[]> MakeAsync(string select, int groupRows = 4096)
    {
        using var tests = new ParquetListTests();
        return await File.ReadAllBytesAsync(tests.Copy("made.parquet", select, groupRows).Location);
    }

    // Written by another implementation.
    private InputFile Copy(string name, string select, int groupRows = 4096)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"COPY (SELECT {select}) TO '{_world.PathOf(name)}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {groupRows})";
        command.ExecuteNonQuery();
        return new InputFile(3, _world.PathOf(name));
    }
}
