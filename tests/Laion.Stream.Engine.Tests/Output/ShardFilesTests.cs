using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using LaionStream.Engine.Tests.Ledger;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Output;

/// <summary>Tars beside the rows, laid out as img2dataset does.</summary>
public sealed class ShardFilesTests : OpenOutputTests
{
    private static readonly ExtraColumn[] Extras =
        [new("key", ExtraColumnKind.Text), new("width", ExtraColumnKind.Double), new("mine", ExtraColumnKind.Timestamp)];

    [Fact]
    public async Task CompleteAsync_OnePart_FilesOfOneCommitAsImg2datasetNamesThem()
    {
        await WriteAsync(new WritingOptions { Images = KeptPictures.Original }, 3);

        ManifestEntry entry = Assert.Single(ManifestReader.Read(_folder.At("state/manifest.jsonl")));
        Assert.Equal(
            [
                ("en/images/00000.parquet", FileRole.ImageMetadata), ("en/images/00000.tar", FileRole.Images), ("en/images/00000_stats.json",
                    FileRole.ImageStats),
                ("en/part-00000.parquet", FileRole.Rows),
            ],
            entry.Files.Select(file => (file.Path, file.Role)).Order());
        Assert.All(entry.Files, file => Assert.True(PartFiles.Has(_folder.At(file.Path), file)));
        Assert.Equal(["00000.parquet", "00000.tar", "00000_stats.json", "sizes.json"], Names("en/images"));
    }

    [Fact]
    public async Task CompleteAsync_Tar_HasThreeEntriesARowSideBySideWithFixedHeads()
    {
        await WriteAsync(new WritingOptions { Images = KeptPictures.Original }, 2);

        var entries = new List<(string Name, string Text)>();
        await using FileStream file = File.OpenRead(_folder.At("en/images/00000.tar"));
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            Assert.IsType<UstarTarEntry>(entry);
            Assert.Equal((TarEntryType.RegularFile, (UnixFileMode)0b100_100_100, 0, 0, 1980),
                (entry.EntryType, entry.Mode, entry.Uid, entry.Gid, entry.ModificationTime.Year));
            using var text = new StreamReader(entry.DataStream ?? Stream.Null);
            entries.Add((entry.Name, await text.ReadToEndAsync()));
        }

        Assert.Equal(["000000000.jpg", "000000000.txt", "000000000.json", "000000001.jpg", "000000001.txt", "000000001.json"],
            entries.Select(entry => entry.Name));
        Assert.Equal(Encoding.ASCII.GetString(LedgerWorld.PictureOf(new RowKey(0, 1))), entries[3].Text);
        Assert.Equal("a caption", entries[4].Text);
        Assert.Equal(0, new FileInfo(_folder.At("en/images/00000.tar")).Length % 512);
    }

    [Fact]
    public async Task CompleteAsync_JsonAndSidecar_TellTheSameUnderImg2datasetsNames()
    {
        await WriteAsync(new WritingOptions { Images = KeptPictures.Resized, RowsPerShard = 10_000 }, 1, Extras, row => row with
        {
            Text = "grüße \"日本\" 😀 <b>",
            Extras = ["theirs", 2.5, DateTimeOffset.UnixEpoch],
            Picture = new PictureFacts(640, 480, "m", "p"),
            Scores = TestScores.Of(0.25, ("aesthetic", 5f)),
        });

        JsonElement json = (await JsonsAsync("en/images/00000.tar"))[0];
        string[] img2dataset = ["url", "caption", "key", "status", "error_message", "width", "height", "original_width", "original_height"];
        Assert.Equal(img2dataset, json.EnumerateObject().Take(9).Select(property => property.Name));
        Assert.Equal(("grüße \"日本\" 😀 <b>", "000000000", "success", 3, 2, 640, 480),
            (json.GetProperty("caption").GetString(), json.GetProperty("key").GetString(),
            json.GetProperty("status").GetString(), json.GetProperty("width").GetInt32(), json.GetProperty("height")
                .GetInt32(), json.GetProperty("original_width").GetInt32(),
            json.GetProperty("original_height").GetInt32()));
        Assert.Equal(("theirs", 2.5, 5f, JsonValueKind.Null), (json.GetProperty("input_key").GetString(), json.GetProperty("input_width").GetDouble(),
            json.GetProperty("aesthetic").GetSingle(), json.GetProperty("punsafe").ValueKind));

        await using SampleFileReader sidecar = await SampleFileReader.OpenAsync(_folder.At("en/images/00000.parquet"));
        Assert.Equal(json.EnumerateObject().Select(property => property.Name), sidecar.Columns.Select(column => column.Name));
        await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in sidecar.ReadRowsAsync())
        {
            foreach ((string name, object? value) in row)
            {
                Assert.Equal(value is null
                    ? null
                    : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture), TextOf(json.GetProperty(name), value));
            }
        }
    }

    [Fact]
    public async Task CompleteAsync_Rows_TellWhereTheirPicturesLie()
    {
        await WriteAsync(new WritingOptions { Images = KeptPictures.Original, RowsPerShard = 2 }, 5, Extras,
            row => row with { Extras = ["theirs", null, null] });

        var places = new List<(object?, object?, object?)>();
        foreach (string name in Names("en").Where(name => name.EndsWith(".parquet", StringComparison.Ordinal)))
        {
            await using SampleFileReader rows = await SampleFileReader.OpenAsync(_folder.At("en", name));
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in rows.ReadRowsAsync())
            {
                Dictionary<string, object?> byName = row.ToDictionary();
                places.Add((byName["shard"], byName["key"], byName["input_key"]));
            }
        }

        Assert.Equal([("00000", "000000", "theirs"), ("00000", "000001", "theirs"), ("00001", "000010", "theirs"), ("00001", "000011", "theirs"),
            ("00002", "000020", "theirs")], places);
        Assert.Equal("""{"00000.tar":2,"00001.tar":2,"00002.tar":1}""", (await File.ReadAllTextAsync(_folder.At("en/images/sizes.json")))
            .Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CompleteAsync_NoPicturesAreStored_RowsHaveTheColumnsOfBefore()
    {
        await WriteAsync(new WritingOptions(), 1);

        await using SampleFileReader rows = await SampleFileReader.OpenAsync(_folder.At("en/part-00000.parquet"));
        Assert.Equal(SampleSchema.SampleColumns, rows.Columns.Select(column => column.Name));
        Assert.Equal(["part-00000.parquet"], Names("en"));
    }

    [Fact]
    public async Task CompleteAsync_RowsWithoutCaption_EmptyTextAndNullFacts()
    {
        await WriteAsync(new WritingOptions { Images = KeptPictures.Original }, 1, change: row => row with { Text = null });

        Assert.Equal(JsonValueKind.Null, (await JsonsAsync("en/images/00000.tar"))[0].GetProperty("caption").ValueKind);
        Assert.Equal(1, ShardRows("00000_stats.json"));
    }

    [Fact]
    public async Task CompleteAsync_SameRowsTwice_SameTarBytes()
    {
        await WriteAsync(new WritingOptions { Images = KeptPictures.Original }, 20);
        using var folder = new TempFolder();
        var world = new LedgerWorld(folder.Root);
        await using (RunState state = world.Open()) { await WriteAsync(state, world, new WritingOptions { Images = KeptPictures.Original }, 20); }

        Assert.Equal(SHA256.HashData(await File.ReadAllBytesAsync(_folder.At("en/images/00000.tar"))),
            SHA256.HashData(await File.ReadAllBytesAsync(folder.At("en/images/00000.tar"))));
    }

    [Fact]
    public async Task AddAsync_RowWithoutItsPicture_IsAFault()
    {
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions { Images = KeptPictures.Original });
        var key = new RowKey(0, 0);
        _state.Ledger.Admit(key);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            writer.WriteAsync(new KeptRow(key, "en", LedgerWorld.RowOf(key, 0), new RowPayload(null, null, null)), CancellationToken.None).AsTask());
        await writer.AbandonAsync();

        Assert.Empty(Directory.EnumerateFiles(_folder.At("en"), "*", SearchOption.AllDirectories));
    }

    private Task WriteAsync(WritingOptions options, int count, IReadOnlyList<ExtraColumn>? extras = null, Func<SampleRow, SampleRow>? change = null) =>
        WriteAsync(_state, _world, options, count, extras, change);

    private static async Task WriteAsync(
        RunState state, LedgerWorld world, WritingOptions options, int count, IReadOnlyList<ExtraColumn>? extras = null, Func<SampleRow, SampleRow>? change =
            null)
    {
        var writer = new RowWriter(state, "en", options, new Dictionary<string, string>(), ScoreSchema.Standard, extras ?? [], world.Clock);
        for (int ordinal = 0; ordinal < count; ordinal++)
        {
            var key = new RowKey(0, ordinal);
            state.Ledger.Admit(key);
            SampleRow row = LedgerWorld.RowOf(key, ordinal);
            var payload = new RowPayload(new StoredPicture(LedgerWorld.PictureOf(key), "jpg", 3, 2, null), null, null);
            await writer.WriteAsync(new KeptRow(key, "en", change?.Invoke(row) ?? row, payload), CancellationToken.None);
        }

        await writer.CompleteAsync();
    }

    private async Task<List<JsonElement>> JsonsAsync(string path)
    {
        var found = new List<JsonElement>();
        await using FileStream file = File.OpenRead(_folder.At(path));
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name.EndsWith(".json", StringComparison.Ordinal)) { found.Add((await JsonDocument.ParseAsync(entry.DataStream!)).RootElement); }
        }

        return found;
    }

    private long ShardRows(string name)
    {
        using JsonDocument stats = JsonDocument.Parse(File.ReadAllBytes(_folder.At("en/images", name)));
        JsonElement root = stats.RootElement;
        Assert.Equal(["count", "successes", "failed_to_download", "failed_to_resize", "duration", "start_time", "end_time", "status_dict"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(root.GetProperty("count").GetInt64(), root.GetProperty("status_dict").GetProperty("success").GetInt64());
        return root.GetProperty("successes").GetInt64();
    }

    private static string? TextOf(JsonElement json, object? value) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when value is DateTime => json.GetDateTime().ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => json.ToString(),
    };

    private string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(_folder.At(folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
