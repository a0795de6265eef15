using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Engine.Tests.Ledger;

namespace LaionStream.Engine.Tests.Output;

/// <summary>Parts of several files are committed together, and their rows' payloads are returned.</summary>
public sealed class PartFilesTests : OpenOutputTests
{
    private readonly List<CountedPayload> _payloads = [];

    public PartFilesTests()
        : base(TextFile.Kind)
    {
    }

    [Fact]
    public async Task CompleteAsync_TwoFiles_OneManifestLineListsBothByRole()
    {
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions());
        await WriteAsync(writer, 0, 3);

        await writer.CompleteAsync();

        ManifestEntry entry = Assert.Single(ManifestReader.Read(_folder.At("state/manifest.jsonl")));
        Assert.Equal([("en/part-00000.txt", TextFile.Role), ("en/part-00000.parquet", FileRole.Rows)], entry.Files.Select(file => (file.Path, file.Role)));
        Assert.All(entry.Files, file => Assert.True(PartFiles.Has(_folder.At(file.Path), file)));
        Assert.Equal(["part-00000.parquet", "part-00000.txt"], FilesOf("en"));
        Assert.Equal(["0", "1", "2", "end"], await File.ReadAllLinesAsync(_folder.At("en/part-00000.txt")));
    }

    [Fact]
    public async Task AbandonAsync_TwoFiles_BothAreGone()
    {
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions());
        await WriteAsync(writer, 0, 3);
        Assert.Equal(2, FilesOf("en").Length);

        await writer.AbandonAsync();

        Assert.Empty(FilesOf("en"));
        Assert.Equal(3, _state.Snapshot().InFlight);
    }

    [Theory]
    [InlineData("begin")]
    [InlineData("add")]
    [InlineData("complete")]
    public async Task AbandonAsync_AFileFails_AllAreGoneAndNothingIsCommitted(string where)
    {
        var broken = new PartFileKind<KeptRow>("broken", PartName.Of(".broken"), (_, _) => where == "begin"
            ? throw new IOException("begin")
            : ValueTask.FromResult<IPartFile<KeptRow>>(new OddFile(where, 0)));
        LedgerWorld world = new(_folder.Root) { MoreFiles = [TextFile.Kind, broken] };
        RowWriter writer = world.CreateWriter(_state, "en", new WritingOptions { MaxRows = 1 });

        IOException fault = await Assert.ThrowsAsync<IOException>(() => WriteAsync(writer, 0, 1));
        await writer.AbandonAsync();

        Assert.Equal(where, fault.Message);
        Assert.Empty(FilesOf("en"));
        Assert.Empty(ManifestReader.Read(_folder.At("state/manifest.jsonl")));
        Assert.All(_payloads, payload => Assert.Equal(1, payload.GivenBack));
    }

    [Fact]
    public async Task WriteAsync_SecondFileIsFull_PartIsFinished()
    {
        var large = new PartFileKind<KeptRow>("large", PartName.Of(".large"), (_, _) => ValueTask.FromResult<IPartFile<KeptRow>>(new OddFile("none", 1 << 20)));
        LedgerWorld world = new(_folder.Root) { MoreFiles = [large] };
        RowWriter writer = world.CreateWriter(_state, "en", new WritingOptions { MaxBytes = 1 << 20 });

        await WriteAsync(writer, 0, 2);

        Assert.Equal(["part-00000.large", "part-00000.parquet", "part-00001.large", "part-00001.parquet"], FilesOf("en"));
    }

    [Fact]
    public async Task WriteAsync_ForeignFileHasANameOfThePart_NumberIsSkipped()
    {
        Directory.CreateDirectory(_folder.At("en"));
        await File.WriteAllTextAsync(_folder.At("en/part-00000.txt"), "mine");
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions { MaxRows = 1 });

        await WriteAsync(writer, 0, 1);

        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.At("en/part-00000.txt")));
        Assert.Equal(["part-00000.txt", "part-00001.parquet", "part-00001.txt"], FilesOf("en"));
    }

    [Fact]
    public async Task WriteAsync_RowsWithPayload_EachIsReturnedOnceImmediately()
    {
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions { MaxRows = 4 });

        await WriteAsync(writer, 0, 6); // a committed part, and an open one

        Assert.Equal(Enumerable.Repeat(1, 6), _payloads.Select(payload => payload.GivenBack));
        await writer.AbandonAsync();
        Assert.Equal(Enumerable.Repeat(1, 6), _payloads.Select(payload => payload.GivenBack));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("rows", "rows")]
    [InlineData("rows", "text", "text")]
    [InlineData]
    public async Task CommitAsync_RolesAreNoSet_IsRefusedBeforeAnythingIsWritten(params string[] roles)
    {
        PendingFile[] files = [.. roles.Select((role, i) => new PendingFile(role, $"en/part-0000{i}.x", 0, ""))];

        await Assert.ThrowsAsync<ArgumentException>(() => _state.CommitAsync("en", files, [new RowKey(0, 0)]).AsTask());

        await _state.FlushAsync(); // the output still accepts writes
        Assert.Empty(ManifestReader.Read(_folder.At("state/manifest.jsonl")));
    }

    private async Task WriteAsync(RowWriter writer, int first, int count)
    {
        for (int ordinal = first; ordinal < first + count; ordinal++)
        {
            var key = new RowKey(0, ordinal);
            _state.Ledger.Admit(key);
            _payloads.Add(new CountedPayload());
            await writer.WriteAsync(new KeptRow(key, "en", LedgerWorld.RowOf(key, ordinal), _payloads[^1]), CancellationToken.None);
        }
    }

    private string[] FilesOf(string set) => [.. Directory.EnumerateFiles(_folder.At(set)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private sealed class OddFile(string where, long bytes) : IPartFile<KeptRow>
    {
        public long Bytes => bytes;

        public ValueTask AddAsync(KeptRow row, CancellationToken abort) => where == "add" ? throw new IOException(where) : ValueTask.CompletedTask;

        public ValueTask CompleteAsync() => where == "complete" ? throw new IOException(where) : ValueTask.CompletedTask;
    }
}
