using System.Data.Common;
using DuckDB.NET.Data;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.TestWorld;
using Parquet;

namespace LaionStream.Dataset.Tests.Parquet;

public sealed class PartFileWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CreateAsync_AllColumns_DuckDbSeesNamesAndTypesOfTheSpec()
    {
        await WriteAsync("a.parquet", 10, 64 << 20);

        List<(string Name, string Type)> columns = Query($"DESCRIBE SELECT * FROM '{_folder.At("a.parquet")}'", r => (r.GetString(0), r.GetString(1)));

        Assert.Equal(SampleSchema.SampleColumns, columns.Select(column => column.Name));
        Assert.Equal(
            [
                "BIGINT", "VARCHAR", "VARCHAR", "INTEGER", "INTEGER", "VARCHAR", "VARCHAR", "VARCHAR", "DOUBLE", "BIGINT", "FLOAT", "FLOAT", "FLOAT", "FLOAT", "FLOAT",
                "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "TIMESTAMP WITH TIME ZONE",
            ],
            columns.Select(column => column.Type));
    }

    [Theory]
    [InlineData(1, 1 << 20)]
    [InlineData(5000, 64 << 20)]
    [InlineData(5000, 100_000)]
    public async Task AddAsync_ManyRows_DuckDbReadsEveryValueBack(int rows, int rowGroupBytes)
    {
        await WriteAsync("a.parquet", rows, rowGroupBytes);

        List<SampleRow> read = Query($"SELECT *, epoch_us(fetched_at) FROM '{_folder.At("a.parquet")}'", ReadRow);

        Assert.Equal(Enumerable.Range(0, rows).Select(i => SampleRows.Make(i)), read);
    }

    [Fact]
    public async Task AddAsync_SmallRowGroups_FileHasSeveralOfAboutThatSize()
    {
        await WriteAsync("a.parquet", 20_000, 1 << 20);

        List<long> sizes = Query($"SELECT DISTINCT row_group_id, row_group_bytes FROM parquet_metadata('{_folder.At("a.parquet")}') ORDER BY 1",
            r => r.GetInt64(1));

        Assert.True(sizes.Count >= 5, $"{sizes.Count} row groups");
    }

    [Fact]
    public async Task CreateAsync_Metadata_DuckDbReadsItBack()
    {
        await WriteAsync("a.parquet", 3, 1 << 20);

        List<string> values =
            Query($"SELECT decode(value) FROM parquet_kv_metadata('{_folder.At("a.parquet")}') WHERE decode(key) = 'model.clip'", r => r.GetString(0));

        Assert.Equal(["0123abcd"], values);
    }

    [Fact]
    public async Task CompleteAsync_NoRows_FileIsReadable()
    {
        await WriteAsync("a.parquet", 0, 1 << 20);

        Assert.Equal([0L], Query($"SELECT count(*) FROM '{_folder.At("a.parquet")}'", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task AddAsync_TextBeyondTheBasicPlane_FilterOnItFindsTheRow()
    {
        // Readers skip row groups by minimum and maximum; UTF-16 order is not UTF-8 order, so wrong statistics would hide this row.
        await WriteAsync("a.parquet", 2000, 1 << 20, row => row with { Text = row.Ordinal % 2 == 0 ? "ﾊ half-width" : "😀 first" });

        List<long> found = Query($"SELECT count(*) FROM '{_folder.At("a.parquet")}' WHERE TEXT = '😀 first'", r => r.GetInt64(0));
        List<long> above = Query($"SELECT count(*) FROM '{_folder.At("a.parquet")}' WHERE TEXT >= '😀'", r => r.GetInt64(0));

        Assert.Equal([1000L], found);
        Assert.Equal([1000L], above);
    }

    [Fact]
    public async Task AddAsync_CaptionLongerThanABlock_IsKeptInFull()
    {
        string text = new('ж', 600_000);
        await WriteAsync("a.parquet", 3, 64 << 20, row => row with { Text = text });

        Assert.Equal([600_000L, 600_000L, 600_000L], Query($"SELECT length(TEXT) FROM '{_folder.At("a.parquet")}'", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task AddAsync_NullShortAndVeryLongCaptionsOverManyRowGroups_DuckDbReadsEveryValueBack()
    {
        static string? Text(long row) => (row % 7) switch
        {
            0 => null,
            1 => "",
            2 => new string('ж', 90_000 + (int)row),
            3 => new string('x', 262_144),
            _ => $"caption {row} 😀",
        };
        await WriteAsync("a.parquet", 60, 1 << 20,
            row => row with { Text = Text(row.Ordinal), PageUrl = row.Ordinal % 4 < 2 ? null : $"https://x/{row.Ordinal / 8}" });

        Assert.Equal(
            Enumerable.Range(0, 60).Select(i => (Text(i), i % 4 < 2 ? null : $"https://x/{i / 8}")),
            Query($"SELECT TEXT, page_url FROM '{_folder.At("a.parquet")}'",
                r => (r.IsDBNull(0) ? null : r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1))));
    }

    [Fact]
    public async Task AddAsync_AnyText_BoundsAreThoseOfItsUtf8Bytes()
    {
        string?[] texts = ["ﾊ half-width", null, "😀 first", "zebra", "a"];
        await WriteAsync("a.parquet", 5, 1 << 20, row => row with { Text = texts[row.Ordinal] });

        Assert.Equal(
            [("a", "😀 first", 1L)],
            Query(
                $"SELECT stats_min_value, stats_max_value, stats_null_count FROM parquet_metadata('{_folder.At("a.parquet")}') WHERE path_in_schema = 'TEXT'",
                r => (r.GetString(0), r.GetString(1), r.GetInt64(2))));
    }

    /// <summary>Without orders Arrow ignores the bounds of text columns (parquet.thrift, ColumnOrder).</summary>
    [Fact]
    public async Task CompleteAsync_AnyColumns_EachHasTheOrderOfItsType()
    {
        await WriteAsync("a.parquet", 3, 1 << 20);

        await using FileStream file = File.OpenRead(_folder.At("a.parquet"));
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(SampleSchema.SampleColumns.Count, reader.Metadata!.ColumnOrders!.Count);
        Assert.All(reader.Metadata.ColumnOrders, order => Assert.NotNull(order.TYPEORDER));
    }

    [Fact]
    public async Task AddAsync_ExtraColumns_FollowOursWithTheirTypes()
    {
        ExtraColumn[] extras =
        [
            new("width_px", ExtraColumnKind.Int64), new("input_url", ExtraColumnKind.Text), new("score", ExtraColumnKind.Double),
            new("flag", ExtraColumnKind.Boolean), new("seen", ExtraColumnKind.Timestamp),
        ];
        var seen = new DateTimeOffset(2020, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));
        object?[][] values = [[7L, "x", 0.5, true, seen], [null, null, null, null, null]];
        await using (FileStream file = File.Create(_folder.At("a.parquet")))
        {
            PartFileWriter<SampleRow> writer =
                await PartFileWriter<SampleRow>.CreateAsync(file, new SampleColumns(ScoreSchema.Standard, extras), new Dictionary<string, string>());
            await writer.AddAsync(SampleRows.Make(0) with { Extras = values[0] });
            await writer.AddAsync(SampleRows.Make(1) with { Extras = values[1] });
            await writer.CompleteAsync();
        }

        List<object?[]> read = Query(
            $"SELECT width_px, input_url, score, flag, epoch_us(seen) FROM '{_folder.At("a.parquet")}'",
            r => Enumerable.Range(0, 5).Select(i => r.IsDBNull(i) ? null : r.GetValue(i)).ToArray());

        Assert.Equal([7L, "x", 0.5, true, seen.UtcDateTime.Subtract(DateTime.UnixEpoch).Ticks / 10], read[0]);
        Assert.All(read[1], Assert.Null);
    }

    [Fact]
    public async Task AddAsync_WrongNumberOfExtras_Throws()
    {
        PartFileWriter<SampleRow> writer =
            await PartFileWriter<SampleRow>.CreateAsync(new MemoryStream(), new SampleColumns(ScoreSchema.Standard, [new("a", ExtraColumnKind.Text)]),
            new Dictionary<string, string>());

        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AddAsync(SampleRows.Make(0) with { Extras = ["x", "y"] }));
    }

    [Fact]
    public async Task CreateAsync_ColumnsOfAnUnfinishedFile_NothingOfItIsLeft()
    {
        var columns = new SampleColumns(ScoreSchema.Standard);
        PartFileWriter<SampleRow> unfinished = await PartFileWriter<SampleRow>.CreateAsync(new MemoryStream(), columns, new Dictionary<string, string>());
        await unfinished.AddAsync(SampleRows.Make(0));
        await using (FileStream file = File.Create(_folder.At("a.parquet")))
        {
            PartFileWriter<SampleRow> writer = await PartFileWriter<SampleRow>.CreateAsync(file, columns, new Dictionary<string, string>());
            await writer.AddAsync(SampleRows.Make(1));
            await writer.CompleteAsync();
        }

        Assert.Equal([SampleRows.Make(1).Url], Query($"SELECT URL FROM '{_folder.At("a.parquet")}'", r => r.GetString(0)));
    }

    [Fact]
    public async Task ReadRowsAsync_OwnFile_GivesEveryValueUnderItsName()
    {
        await WriteAsync("a.parquet", 3000, 200_000);

        await using SampleFileReader reader = await SampleFileReader.OpenAsync(_folder.At("a.parquet"));
        int index = 0;
        await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync())
        {
            SampleRow expected = SampleRows.Make(index++);
            Assert.Equal(SampleSchema.SampleColumns, row.Select(pair => pair.Key));
            Assert.Equal(
                (object?[])
                [
                    expected.SampleId, expected.Url, expected.Text, expected.Picture.Width, expected.Picture.Height, expected.License, expected.Scores.Nsfw, expected.Language,
                    expected.Scores.Similarity, expected.Hash, .. expected.Scores.Values.Cast<object?>(), expected.Picture.Md5, expected.Picture.PHash, expected.PageUrl,
                    expected.Fetch.FinalUrl, expected.Source, expected.Ordinal, expected.Fetch.FetchedAt.UtcDateTime,
                ],
                row.Select(pair => pair.Value));
        }

        Assert.Equal((3000, 3000L, "0123abcd"), (index, reader.Rows, reader.Metadata["model.clip"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4000)]
    public async Task OpenAsync_NoParquetFile_IsRefused(int bytes)
    {
        await File.WriteAllBytesAsync(_folder.At("a.parquet"), new byte[bytes]);

        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => SampleFileReader.OpenAsync(_folder.At("a.parquet")));
        Assert.Contains("a.parquet", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CandidateFile_Rows_DuckDbReadsThemBack()
    {
        CandidateRow[] rows = [.. Enumerable.Range(0, 100).Select(i => SampleRows.Make(i))
            .Select(row => new CandidateRow(row.Url, row.Text, row.Language, row.License, row.Hash, row.PageUrl, row.Source, row.Ordinal))];
        await using (FileStream file = File.Create(_folder.At("c.parquet")))
        {
            PartFileWriter<CandidateRow> writer =
                await PartFileWriter<CandidateRow>.CreateAsync(file, new CandidateColumns(), new Dictionary<string, string>());
            foreach (CandidateRow row in rows) { await writer.AddAsync(row); }
            await writer.CompleteAsync();
        }

        List<(string Name, string Type)> columns = Query($"DESCRIBE SELECT * FROM '{_folder.At("c.parquet")}'", r => (r.GetString(0), r.GetString(1)));
        List<CandidateRow> read = Query($"SELECT * FROM '{_folder.At("c.parquet")}'", r => new CandidateRow(
            r.GetString(0), Text(r, 1), r.GetString(2), r.GetString(3), r.GetInt64(4), Text(r, 5), r.GetString(6), r.GetInt64(7)));

        Assert.Equal(SampleSchema.CandidateColumns, columns.Select(column => column.Name));
        Assert.Equal(["VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "VARCHAR", "VARCHAR", "BIGINT"], columns.Select(column => column.Type));
        Assert.Equal(rows, read);
    }

    private async Task WriteAsync(string name, int rows, int rowGroupBytes, Func<SampleRow, SampleRow>? change = null)
    {
        await using FileStream file = File.Create(_folder.At(name));
        PartFileWriter<SampleRow> writer = await PartFileWriter<SampleRow>.CreateAsync(
            file, new SampleColumns(ScoreSchema.Standard), new Dictionary<string, string> { ["model.clip"] = "0123abcd" }, rowGroupBytes);
        for (int i = 0; i < rows; i++)
        {
            SampleRow row = SampleRows.Make(i);
            await writer.AddAsync(change is null ? row : change(row));
        }

        await writer.CompleteAsync();
    }

    private static SampleRow ReadRow(DbDataReader r) => new()
    {
        SampleId = r.GetInt64(0),
        Url = r.GetString(1),
        Text = Text(r, 2),
        License = r.GetString(5),
        Language = r.GetString(7),
        Hash = r.GetInt64(9),
        PageUrl = Text(r, 17),
        Source = r.GetString(19),
        Ordinal = r.GetInt64(20),
        Fetch = new FetchFacts(r.GetString(18), DateTimeOffset.UnixEpoch.AddMicroseconds(r.GetInt64(22))),
        Picture = new PictureFacts(r.GetInt32(3), r.GetInt32(4), r.GetString(15), r.GetString(16)),
        Scores = new Scores(r.IsDBNull(8)
            ? null
            : r.GetDouble(8), Text(r, 6), Underage: false, [.. Enumerable.Range(10, 5).Select(column => Float(r, column))]),
    };

    private static string? Text(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static float? Float(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetFloat(column);

    private static List<T> Query<T>(string sql, Func<DbDataReader, T> read)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read()) { rows.Add(read(reader)); }
        return rows;
    }
}
