using System.Security.Cryptography;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Output;
using LaionStream.Engine.Tests.Ledger;

namespace LaionStream.Engine.Tests.Output;

public sealed class RowWriterTests : OpenOutputTests
{
    [Fact]
    public async Task WriteAsync_NoRows_NoFile()
    {
        RowWriter writer = CreateWriter(new WritingOptions());

        await writer.TickAsync(CancellationToken.None);
        await writer.CompleteAsync();

        Assert.False(Directory.Exists(_folder.At("en")));
    }

    [Fact]
    public async Task WriteAsync_MaxRowsReached_WholePartIsVisibleAndNothingElse()
    {
        RowWriter writer = CreateWriter(new WritingOptions { MaxRows = 3 });

        await WriteAsync(writer, 0, 3);

        Assert.Equal(["part-00000.parquet"], FilesOf("en"));
        Assert.Equal(3, _state.Snapshot().Kept["en"]);
    }

    [Fact]
    public async Task WriteAsync_FileIsOpen_NoReadersGlobSeesIt()
    {
        RowWriter writer = CreateWriter(new WritingOptions { RowGroupBytes = 1024 });

        await WriteAsync(writer, 0, 50);

        Assert.Empty(Directory.EnumerateFiles(_folder.At("en"), "*.parquet"));
        Assert.All(FilesOf("en"), name => Assert.StartsWith(".", name, StringComparison.Ordinal));
        Assert.Empty(_state.Snapshot().Kept);
        await writer.AbandonAsync();
    }

    [Fact]
    public async Task TickAsync_FileIsOld_IsCommitted()
    {
        RowWriter writer = CreateWriter(new WritingOptions { MaxAge = TimeSpan.FromMinutes(1) });
        await WriteAsync(writer, 0, 2);

        _world.Clock.Advance(TimeSpan.FromSeconds(59));
        await writer.TickAsync(CancellationToken.None);
        Assert.Empty(_state.Snapshot().Kept);

        _world.Clock.SetUtcNow(_world.Clock.GetUtcNow().AddSeconds(1));
        await writer.TickAsync(CancellationToken.None);
        Assert.Equal(2, _state.Snapshot().Kept["en"]);
    }

    [Fact]
    public async Task CompleteAsync_SeveralParts_ManifestAgreesWithTheFiles()
    {
        RowWriter writer = CreateWriter(new WritingOptions { MaxRows = 4 });

        await WriteAsync(writer, 0, 10);
        await writer.CompleteAsync();

        ManifestEntry[] entries = [.. ManifestReader.Read(_folder.At(Path.Combine("state", "manifest.jsonl")))];
        Assert.Equal([4L, 4L, 2L], entries.Select(entry => entry.Rows));
        Assert.Equal(["0+3", "4+3", "8+1"], entries.Select(entry => entry.RowsByFile[0]));
        foreach (ManifestFile file in entries.SelectMany(entry => entry.Files))
        {
            byte[] bytes = await File.ReadAllBytesAsync(_folder.At(file.Path));
            Assert.Equal((file.Bytes, file.Sha256), (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        }
    }

    [Fact]
    public async Task AbandonAsync_OpenFile_IsGoneAndItsRowsHaveNoOutcome()
    {
        RowWriter writer = CreateWriter(new WritingOptions());
        await WriteAsync(writer, 0, 5);

        await writer.AbandonAsync();
        await WriteAsync(writer, 5, 1);
        await writer.CompleteAsync();

        Assert.Equal(["part-00001.parquet"], FilesOf("en"));
        Assert.Equal((1L, 5L), (_state.Snapshot().Kept["en"], _state.Snapshot().InFlight));
    }

    [Fact]
    public async Task WriteAsync_Candidates_AreUnderCandidates()
    {
        var writer = new CandidateWriter(_state, new WritingOptions(), new Dictionary<string, string>(), [], _world.Clock);
        var key = new RowKey(1, 7);
        _state.Ledger.Admit(key);

        await writer.WriteAsync(new Candidate(key, "http://a/", "a text", "?", null, "file1", 5) { Language = "en", Set = "en" }, CancellationToken.None);
        await writer.CompleteAsync();

        Assert.Equal(["part-00000.parquet"], FilesOf("candidates"));
        Assert.Equal(1, _state.Snapshot().Kept[CandidateWriter.SetName]);
        await using SampleFileReader reader = await SampleFileReader.OpenAsync(_folder.At("candidates/part-00000.parquet"));
        Assert.Equal(7, Assert.Single(await reader.ReadLongsAsync("ordinal")));
    }

    private RowWriter CreateWriter(WritingOptions options) =>
        new(_state, "en", options, new Dictionary<string, string>(), ScoreSchema.Standard, [], _world.Clock);

    private async Task WriteAsync(RowWriter writer, int first, int count)
    {
        for (int ordinal = first; ordinal < first + count; ordinal++)
        {
            var key = new RowKey(0, ordinal);
            _state.Ledger.Admit(key);
            await writer.WriteAsync(new KeptRow(key, "en", LedgerWorld.RowOf(key, ordinal)), CancellationToken.None);
        }
    }

    private string[] FilesOf(string set) => [.. Directory.EnumerateFiles(_folder.At(set)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
