using System.Diagnostics;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using LaionStream.Engine.Tests.Ledger;

namespace LaionStream.Engine.Tests.Output;

/// <summary>Vectors beside the rows, in the folders that clip-retrieval reads.</summary>
public sealed class EmbeddingFilesTests : OpenOutputTests
{
    [Theory]
    [InlineData(KeptVectors.None, 0)]
    [InlineData(KeptVectors.Image, 2)]
    [InlineData(KeptVectors.Both, 3)]
    public async Task CompleteAsync_ByChoice_FilesOfOneCommitInClipRetrievalsFolders(KeptVectors keeps, int files)
    {
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions { Embeddings = keeps });
        await WriteAsync(writer, 0, 3, keeps);
        await writer.CompleteAsync();

        ManifestEntry entry = Assert.Single(ManifestReader.Read(_folder.At("state/manifest.jsonl")));
        (string, string)[] all =
        [
            ("en/embeddings/img_emb/img_emb_00000.npy", FileRole.ImageEmbeddings),
            ("en/embeddings/metadata/metadata_00000.parquet", FileRole.EmbeddingMetadata),
            ("en/embeddings/text_emb/text_emb_00000.npy", FileRole.TextEmbeddings),
        ];
        Assert.Equal([.. all.Take(files), ("en/part-00000.parquet", FileRole.Rows)], entry.Files.Select(file => (file.Path, file.Role)).Order());
        Assert.All(entry.Files, file => Assert.True(PartFiles.Has(_folder.At(file.Path), file)));
        Assert.Equal(files + 1, Directory.EnumerateFiles(_folder.At("en"), "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task CompleteAsync_SeveralParts_VectorsAndMetadataAreInTheOrderOfTheRows()
    {
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions { Embeddings = KeptVectors.Both, MaxRows = 4 });
        await WriteAsync(writer, 0, 10, KeptVectors.Both);
        await writer.CompleteAsync();

        for (int part = 0; part < 3; part++)
        {
            await using SampleFileReader rows = await SampleFileReader.OpenAsync(_folder.At($"en/part-0000{part}.parquet"));
            long[] ids = await rows.ReadLongsAsync("SAMPLE_ID");
            Assert.Equal(ids.Select(id => LedgerWorld.VectorOf(KeyOf(id), 1)),
                await VectorFolders.ReadAsync(_folder.At($"en/embeddings/img_emb/img_emb_0000{part}.npy")));
            Assert.Equal(ids.Select(id => LedgerWorld.VectorOf(KeyOf(id), 2)),
                await VectorFolders.ReadAsync(_folder.At($"en/embeddings/text_emb/text_emb_0000{part}.npy")));
            await using SampleFileReader metadata = await SampleFileReader.OpenAsync(_folder.At($"en/embeddings/metadata/metadata_0000{part}.parquet"));
            Assert.Equal(ids, await metadata.ReadLongsAsync("SAMPLE_ID"));
        }
    }

    [Fact]
    public async Task CompleteAsync_Metadata_HasTheColumnsThatClipRetrievalReads()
    {
        var extras = new ExtraColumn[] { new("key", ExtraColumnKind.Text), new("input_key", ExtraColumnKind.Int64), new("mine", ExtraColumnKind.Boolean) };
        var options = new WritingOptions { Embeddings = KeptVectors.Image, MaxRows = 100 };
        IReadOnlyList<PartFileKind<KeptRow>> kinds =
            OutputFiles.Of(options, new Dictionary<string, string> { ["laion.embedding.image"] = "clip" }, ScoreSchema.Standard, extras);
        var writer = new RowWriter(_state, "en", options, kinds, _world.Clock);
        var key = new RowKey(0, 7);
        _state.Ledger.Admit(key);
        SampleRow row = LedgerWorld.RowOf(key, 5) with { Extras = ["theirs", 3L, true], Picture = new PictureFacts(640, 480, "m", "p"), Language = "en" };
        await writer.WriteAsync(new KeptRow(key, "en", row, new RowPayload(null, [(Half)1], null)), CancellationToken.None);
        await writer.CompleteAsync();

        await using SampleFileReader metadata = await SampleFileReader.OpenAsync(_folder.At("en/embeddings/metadata/metadata_00000.parquet"));
        Assert.Equal("clip", metadata.Metadata["laion.embedding.image"]);
        List<KeyValuePair<string, object?>> values = [];
        await foreach (IReadOnlyList<KeyValuePair<string, object?>> read in metadata.ReadRowsAsync()) { values.AddRange(read); }
        Assert.Equal(
            [
                ("image_path", "0000000"), ("caption", "a caption"), ("url", "http://example.org/5"), ("key", "0000000"), ("status",
                    "success"), ("error_message", null),
                ("width", 640), ("height", 480), ("original_width", 640), ("original_height", 480),
            ],
            values.Take(10).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([("input_input_key", "theirs"), ("input_key", 3L), ("mine", true)], values.TakeLast(3).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(values.Count, values.Select(pair => pair.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count()); // DuckDB's names are case-insensitive
        Assert.Contains("NSFW", values.Select(pair => pair.Key));
    }

    [Theory]
    [InlineData(1, 12, 0, "000120")]
    [InlineData(10, 12, 9, "000129")]
    [InlineData(11, 12, 10, "0001210")]
    [InlineData(10_000, 12, 7, "000120007")]
    [InlineData(10_000, 123_456, 9_999, "1234569999")]
    [InlineData(1_000_000, 0, 999_999, "00000999999")]
    public void KeyOf_PartAndPlace_DigitsForAllRowsOfAPart(int most, int part, int place, string expected) =>
        Assert.Equal(expected, new SampleKeys(most).KeyOf(part, place));

    [Fact]
    public async Task AddAsync_RowWithoutItsVector_IsAFault()
    {
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions { Embeddings = KeptVectors.Both });
        var key = new RowKey(0, 0);
        _state.Ledger.Admit(key);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            writer.WriteAsync(new KeptRow(key, "en", LedgerWorld.RowOf(key, 0), new RowPayload(null, [(Half)1], null)), CancellationToken.None).AsTask());
        await writer.AbandonAsync();

        Assert.Empty(Directory.EnumerateFiles(_folder.At("en"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task AddAsync_VectorOfAnotherLength_IsAFault()
    {
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions { Embeddings = KeptVectors.Image });
        await WriteAsync(writer, 0, 1, KeptVectors.Image);
        var key = new RowKey(0, 1);
        _state.Ledger.Admit(key);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            writer.WriteAsync(new KeptRow(key, "en", LedgerWorld.RowOf(key, 0), new RowPayload(null, [(Half)1], null)), CancellationToken.None).AsTask());
        await writer.AbandonAsync();
    }

    [SkippableFact]
    public async Task CompleteAsync_ManyRows_NumpyReadsThem()
    {
        Skip.IfNot(await PythonAsync("import numpy") is { Code: 0 }, "/usr/bin/python3 with numpy (Debian: python3-numpy) is not here.");
        RowWriter writer = _world.CreateWriter(_state, "en", new WritingOptions { Embeddings = KeptVectors.Both });
        await WriteAsync(writer, 0, 1000, KeptVectors.Both);
        await writer.CompleteAsync();

        (int code, string said) = await PythonAsync(
            "import numpy, io, sys; p = sys.argv[1]; a = numpy.load(p, mmap_mode='r'); b = io.BytesIO(); numpy.save(b, a); "
            + "print(a.dtype.str, a.shape, a.flags['C_CONTIGUOUS'], a[999].tolist(), b.getvalue() == open(p, 'rb').read())",
            _folder.At("en/embeddings/img_emb/img_emb_00000.npy"));

        Assert.Equal((0, "<f2 (1000, 3) True [0.0, 999.0, 1.0] True"), (code, said));
    }

    private static async Task<(int Code, string Said)> PythonAsync(string script, params string[] arguments)
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python)) { return (-1, ""); }

        using Process process =
            Process.Start(new ProcessStartInfo(Python, ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = (await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1))).TrimEnd();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, said + await errors);
    }

    private async Task WriteAsync(RowWriter writer, int first, int count, KeptVectors keeps)
    {
        for (int ordinal = first; ordinal < first + count; ordinal++)
        {
            var key = new RowKey(0, ordinal);
            _state.Ledger.Admit(key);
            IDisposable? payload = keeps == KeptVectors.None
                ? null
                : new RowPayload(null, LedgerWorld.VectorOf(key, 1), keeps == KeptVectors.Both ? LedgerWorld.VectorOf(key, 2) : null);
            await writer.WriteAsync(new KeptRow(key, "en", LedgerWorld.RowOf(key, ordinal), payload), CancellationToken.None);
        }
    }

    private static RowKey KeyOf(long id) => new((int)(id >> 32), (int)id);
}
