using LaionStream.Dataset.Rows;
using LaionStream.Search.Rows;
using LaionStream.Search.Tests.Index;
using LaionStream.TestWorld;

namespace LaionStream.Search.Tests.Rows;

public sealed class RowStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MadeOutput _output;

    public RowStoreTests() => _output = new MadeOutput(_folder.At("out"));

    private string Rows => _folder.At("out", "index", "rows");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_EveryRow_HasEveryColumnOfTheParquetFile()
    {
        await _output.AddPartAsync("en", [.. Enumerable.Range(0, 100).Select(MadeOutput.Row)]);
        using RowStore store = await OpenAsync();
        using RowSnapshot rows = store.Acquire();

        Dictionary<string, object?> row = rows.Read(42)!.ToDictionary();

        Assert.Equal(100, rows.Rows);
        Assert.Equal(MadeOutput.Row(42).Url, row["URL"]);
        Assert.Equal(MadeOutput.Row(42).Text, row["TEXT"]);
        Assert.Equal(142, row["WIDTH"]);
        Assert.Equal(MadeOutput.Row(42).Scores.Similarity, row["similarity"]);
        Assert.Equal(MadeOutput.Row(42).Scores[2], row["aesthetic"]);
        Assert.Null(row["q16"]);
        Assert.Equal(MadeOutput.Row(42).Hash, row["hash"]);
        Assert.Equal(MadeOutput.Row(42).Fetch.FetchedAt.UtcDateTime, row["fetched_at"]);
        Assert.Null(rows.Read(100));
        Assert.Null(rows.Read(-1));
    }

    [Fact]
    public async Task Columns_OfAPart_AreThoseOfItsRows()
    {
        await _output.AddPartAsync("en", [.. Enumerable.Range(0, 100).Select(MadeOutput.Row)]);
        using RowStore store = await OpenAsync();
        using RowSnapshot rows = store.Acquire();
        RowFile file = rows.Files[0].File;

        Assert.Equal(142, file.Numbers(RowNumber.Width)[42]);
        Assert.Equal(MadeOutput.Row(42).Fetch.FetchedAt.ToUnixTimeMilliseconds(), file.Longs(RowLong.Fetched)[42]);
        Assert.Equal(43, file.Longs(RowLong.PHash)[42]);
        Assert.Equal((float)MadeOutput.Row(42).Scores.Similarity!, file.Score("similarity")[42]);
        Assert.True(float.IsNaN(file.Score("q16")[42]));
        Assert.True(file.Score("no such").IsEmpty);
        Assert.Equal(["similarity", "pwatermark", "punsafe", "aesthetic", "q16", "toxicity"], file.Scores);
        Assert.Equal("host0.example", file.Texts(RowText.Domain)[file.Places(RowText.Domain)[42]]);
        Assert.Equal("de", file.Texts(RowText.Language)[file.Places(RowText.Language)[42]]);
        Assert.Equal("picture number 42 of a red thing"u8, file.Caption(42));
        Assert.Equal(-1, file.Texts(RowText.Language).Find("fr"));
        Assert.Equal("en", file.Texts(RowText.Language)[file.Texts(RowText.Language).Find("en")]);
    }

    [Fact]
    public async Task RefreshAsync_APartCommittedLater_AddsItsRowsAndKeepsTheNumbers()
    {
        await _output.AddPartAsync("en", [MadeOutput.Row(0), MadeOutput.Row(1)]);
        using RowStore store = await OpenAsync();
        using RowSnapshot before = store.Acquire();
        await _output.AddPartAsync("multi", [MadeOutput.Row(2)]);

        Assert.True(await store.RefreshAsync(CancellationToken.None));
        Assert.False(await store.RefreshAsync(CancellationToken.None));

        using RowSnapshot after = store.Acquire();
        Assert.Equal((2, 3), (before.Rows, after.Rows));
        Assert.Equal(MadeOutput.Row(2).Url, after.Read(2)!.ToDictionary()["URL"]);
        Assert.NotEqual(before.Version, after.Version);
        Assert.Equal(MadeOutput.Row(1).Url, before.Read(1)!.ToDictionary()["URL"]);
    }

    [Fact]
    public async Task RefreshAsync_APartThatWasMovedAway_KeepsTheNumbersOfTheOthers()
    {
        await _output.AddPartAsync("en", [MadeOutput.Row(0), MadeOutput.Row(1)]);
        await _output.AddPartAsync("en", [MadeOutput.Row(2)]);
        File.Delete(_folder.At("out", "en", "part-00001.parquet"));
        using RowStore store = await OpenAsync();
        using RowSnapshot rows = store.Acquire();

        Assert.Equal(1, rows.Rows);
        Assert.Null(rows.Read(1));
        Assert.Equal(MadeOutput.Row(2).Url, rows.Read(2)!.ToDictionary()["URL"]);
    }

    [Fact]
    public async Task Open_ASecondTime_MakesNothingAgain()
    {
        await _output.AddPartAsync("en", [MadeOutput.Row(0)]);
        (await OpenAsync()).Dispose();
        DateTime made = File.GetLastWriteTimeUtc(Path.Combine(Rows, "0000000001.rows"));

        using var store = RowStore.Open(_output.Folder);
        using RowSnapshot rows = store.Acquire();

        Assert.Equal(1, rows.Rows); // without a refresh
        Assert.False(await store.RefreshAsync(CancellationToken.None));
        Assert.Equal(made, File.GetLastWriteTimeUtc(Path.Combine(Rows, "0000000001.rows")));
    }

    /// <summary>Files of another program's embeddings may be replaced under their names; what was made of the old ones is no damage of what was made of the new.</summary>
    [Fact]
    public async Task VerifyAsync_AfterAFileOfEmbeddingsWasReplaced_FindsNoDamage()
    {
        string folder = _folder.At("others");
        MadeVectors.WriteNpy(Path.Combine(folder, "img_emb", "img_emb_0.npy"), MadeVectors.Clustered(10, 8, 1));
        using var store = RowStore.Open(folder);
        await store.RefreshAsync(CancellationToken.None);
        MadeVectors.WriteNpy(Path.Combine(folder, "img_emb", "img_emb_0.npy"), MadeVectors.Clustered(20, 8, 1));

        Assert.True(await store.RefreshAsync(CancellationToken.None));
        Assert.Empty(await store.VerifyAsync(CancellationToken.None));
        Assert.False(await store.RefreshAsync(CancellationToken.None));

        using RowSnapshot rows = store.Acquire();
        Assert.Equal(20, rows.Rows);
    }

    /// <summary>What a crash or a disk can leave: no file, a short one, garbage, a footer with other bytes, a list that ends in the middle of a line.</summary>
    [Theory]
    [InlineData("missing")]
    [InlineData("short")]
    [InlineData("empty")]
    [InlineData("garbage")]
    [InlineData("footer")]
    [InlineData("torn list")]
    [InlineData("no list")]
    [InlineData("hostile list")]
    public async Task RefreshAsync_ADamagedStore_IsMadeAgain(string damage)
    {
        await _output.AddPartAsync("en", [.. Enumerable.Range(0, 10).Select(MadeOutput.Row)]);
        (await OpenAsync()).Dispose();
        string path = Path.Combine(Rows, "0000000001.rows");
        string list = Path.Combine(Rows, "rows.jsonl");
        byte[] bytes = await File.ReadAllBytesAsync(path);
        switch (damage)
        {
            case "missing": File.Delete(path); break;
            case "short": await File.WriteAllBytesAsync(path, bytes[..^9]); break;
            case "empty": await File.WriteAllBytesAsync(path, []); break;
            case "garbage": await File.WriteAllBytesAsync(path, new byte[bytes.Length]); break;
            case "footer":
                bytes[^40] ^= 1;
                await File.WriteAllBytesAsync(path, bytes);
                break;
            case "torn list": await File.WriteAllTextAsync(list, (await File.ReadAllTextAsync(list))[..30]); break;
            case "no list": File.Delete(list); break;
            default: await File.WriteAllTextAsync(list, (await File.ReadAllTextAsync(list)).Replace("0000000001.rows", "../../state/manifest.jsonl", StringComparison.Ordinal)); break;
        }

        using RowStore store = await OpenAsync();
        using RowSnapshot rows = store.Acquire();

        Assert.Equal(10, rows.Rows);
        Assert.Equal(MadeOutput.Row(7).Url, rows.Read(7)!.ToDictionary()["URL"]);
        (await OpenAsync()).Dispose(); // and the list is whole again
    }

    [Fact]
    public async Task VerifyAsync_AFlippedByteInAColumn_RemovesTheFileAndARefreshMakesIt()
    {
        await _output.AddPartAsync("en", [.. Enumerable.Range(0, 10).Select(MadeOutput.Row)]);
        (await OpenAsync()).Dispose();
        string path = Path.Combine(Rows, "0000000001.rows");
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        using var store = RowStore.Open(_output.Folder);

        Assert.Equal(["0000000001.rows"], await store.VerifyAsync(CancellationToken.None));
        Assert.True(await store.RefreshAsync(CancellationToken.None));
        Assert.Empty(await store.VerifyAsync(CancellationToken.None));
        using RowSnapshot rows = store.Acquire();
        Assert.Equal(MadeOutput.Row(7).Url, rows.Read(7)!.ToDictionary()["URL"]);
    }

    [Fact]
    public async Task Read_AFlippedByteInTheRow_IsAnErrorAndNoOtherRows()
    {
        await _output.AddPartAsync("en", [.. Enumerable.Range(0, 10).Select(MadeOutput.Row)]);
        (await OpenAsync()).Dispose();
        string path = Path.Combine(Rows, "0000000001.rows");
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[20] ^= 1; // in the first record
        await File.WriteAllBytesAsync(path, bytes);
        using var store = RowStore.Open(_output.Folder);
        using RowSnapshot rows = store.Acquire();

        Assert.Throws<InvalidDataException>(() => rows.Read(0));
        Assert.NotNull(rows.Read(1));
    }

    [Fact]
    public async Task Acquire_WhileRowsAreAdded_NeverLosesARow()
    {
        await _output.AddPartAsync("en", [MadeOutput.Row(0)]);
        using RowStore store = await OpenAsync();
        using var end = new CancellationTokenSource();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<long> reading = Task.Run(() =>
        {
            long reads = 0;
            for (; !end.IsCancellationRequested; reads++)
            {
                using RowSnapshot rows = store.Acquire();
                Assert.NotNull(rows.Read(rows.End - 1));
                began.TrySetResult();
            }

            return reads;
        });
        await Task.WhenAny(began.Task, reading); // on a busy machine its thread may come after all parts

        for (int i = 1; i < 20; i++)
        {
            await _output.AddPartAsync("en", [MadeOutput.Row(i)]);
            await store.RefreshAsync(CancellationToken.None);
        }

        await end.CancelAsync();
        Assert.True(await reading > 0);
    }

    [Fact]
    public async Task RefreshAsync_HostileTexts_AreKeptAsTheyAre()
    {
        SampleRow odd = MadeOutput.Row(0) with { Text = "\ud83d\ude00<script>\u0000\u202e İ", Url = "file:///x", License = "" };
        await _output.AddPartAsync("en", [odd, MadeOutput.Row(1) with { Text = null }]);
        using RowStore store = await OpenAsync();
        using RowSnapshot rows = store.Acquire();

        Assert.Equal(odd.Text, rows.Read(0)!.ToDictionary()["TEXT"]);
        Assert.Null(rows.Read(1)!.ToDictionary()["TEXT"]);
        Assert.Equal("", rows.Files[0].File.Texts(RowText.Domain)[rows.Files[0].File.Places(RowText.Domain)[0]]);
    }

    private async Task<RowStore> OpenAsync()
    {
        var store = RowStore.Open(_output.Folder);
        await store.RefreshAsync(CancellationToken.None);
        return store;
    }
}
