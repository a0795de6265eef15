using LaionStream.Search.Index;
using LaionStream.Search.Native;

namespace LaionStream.Search.Tests.Index;

public sealed class IndexBuilderTests : IDisposable
{
    private const int Width = 48;
    private const int PartRows = 150;

    private static readonly IndexOptions Small = new() { ExactBelow = 100, SegmentRows = 400, MaxSegmentRows = 1200, Threads = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("laion-index-").FullName;
    private readonly float[][] _rows = MadeVectors.Clustered(2400, Width, seed: 11);
    private readonly float[][] _queries = MadeVectors.Clustered(40, Width, seed: 12);
    private int _parts;

    public IndexBuilderTests() => Skip.IfNot(Graph.Lack is null, Graph.Lack);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Build_SevenParts_FindsWhatComparingAllRowsFinds()
    {
        AddParts(7);

        IndexReport report = Build();

        Assert.Equal((1050, 1050, 3), (report.Rows, report.Indexed, report.Segments));
        using VectorIndex index = VectorIndex.Open(_folder);
        Assert.Equal(1050, index.IndexedCount);
        AssertFinds(index, 1050, k: 10);
        AssertFinds(index, 1050, k: 60);
    }

    [SkippableFact]
    public void Build_ARestThatIsSmall_IsComparedRowByRow()
    {
        AddParts(3); // 450: one segment
        MadeVectors.AddPart(_folder, ++_parts, _rows[450..520]);

        Assert.Equal((520, 450, 1), Sizes(Build()));
        using VectorIndex index = VectorIndex.Open(_folder);
        AssertFinds(index, 520, k: 10);
    }

    [SkippableFact]
    public void Build_BelowTheLimit_WritesNoSegment()
    {
        MadeVectors.AddPart(_folder, ++_parts, _rows[..99]);

        Assert.Equal((99, 0, 0), Sizes(Build()));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "index"), "*.usearch"));
    }

    [SkippableFact]
    public void Build_Again_AddsOnlyNewParts()
    {
        AddParts(3);
        Build();
        (string, DateTime)[] before = Files();

        Assert.Equal(0, Build().Built);
        Assert.Equal(before, Files());

        AddParts(3);
        Assert.Equal(1, Build().Built);
        Assert.Equal(before, Files()[..before.Length]);
        using VectorIndex index = VectorIndex.Open(_folder);
        AssertFinds(index, 900, k: 10);
    }

    [SkippableFact]
    public void Build_FourSmallSegments_BecomeOneWhileSearchesGoOn()
    {
        for (int i = 0; i < 3; i++)
        {
            AddParts(1);
            Build();
        }

        using VectorIndex before = VectorIndex.Open(_folder);
        AddParts(1);
        IndexReport report = Build();

        Assert.Equal((600, 600, 1), Sizes(report));
        Assert.Equal(["image-00005.usearch"], Files().Select(file => file.Item1));
        AssertFinds(before, 450, k: 10); // its files are deleted, and still mapped
        Assert.True(before.HasChanged());
        using VectorIndex after = VectorIndex.Open(_folder);
        Assert.False(after.HasChanged());
        AssertFinds(after, 600, k: 10);
    }

    [SkippableFact]
    public void Build_Compacting_MergesUpToTheLimit()
    {
        AddParts(13); // 1950: segments of 450, 450, 450, 450, 150
        Assert.Equal(5, Build().Segments);

        Assert.Equal((1950, 1950, 2), Sizes(new IndexBuilder(_folder, Small).Build(VectorKind.Image, compacts: true, CancellationToken.None)));
        using VectorIndex index = VectorIndex.Open(_folder);
        AssertFinds(index, 1950, k: 10);
    }

    [SkippableFact]
    public void Build_KilledBeforeAnyStep_GoesOnAndLosesNothing()
    {
        // What is on disk at a step is what a kill there leaves.
        var left = new List<(string Step, string Folder)>();
        for (int i = 0; i < 4; i++)
        {
            AddParts(1);
            Run(step =>
            {
                string copy = Path.Combine(_folder, "..", Path.GetFileName(_folder) + $"-{left.Count}-{step}");
                Copy(_folder, copy);
                left.Add((step, copy));
            });
        }

        try
        {
            Assert.Equal(["append", "build", "delete", "done", "publish"], left.Select(at => at.Step).Distinct().Order());
            Assert.All(left, at =>
            {
                long rows;
                using (VectorIndex killed = VectorIndex.Open(at.Folder)) { AssertFinds(killed, (int)(rows = killed.Count), k: 10); }

                Assert.Equal(rows, Run(_ => { }, at.Folder).Indexed);
                Assert.Empty(new IndexVerifier(at.Folder, VectorKind.Image).Verify(CancellationToken.None).Faults);
                using VectorIndex whole = VectorIndex.Open(at.Folder);
                Assert.Equal(rows, whole.IndexedCount);
                AssertFinds(whole, (int)rows, k: 10);
                Assert.Equal(Directory.GetFiles(Path.Combine(at.Folder, "index"), "*.usearch").Length, new IndexFolder(at.Folder).Read().Segments.Count);
            });
        }
        finally
        {
            foreach ((_, string copy) in left) { Directory.Delete(copy, recursive: true); }
        }
    }

    [SkippableFact]
    public void Build_Cancelled_LeavesNoFileAndGoesOn()
    {
        AddParts(6);
        using var abort = new CancellationTokenSource();
        int built = 0;
        var builder = new IndexBuilder(_folder, Small) { Step = step => { if (step == "build" && built++ == 1) { abort.Cancel(); } } };

        Assert.ThrowsAny<OperationCanceledException>(() => builder.Build(VectorKind.Image, compacts: false, abort.Token));

        Assert.Equal(["image-00001.usearch"], Files().Select(file => file.Item1));
        Assert.Equal((900, 900, 2), Sizes(Build()));
    }

    [SkippableFact]
    public void Build_WhileAnotherBuilds_IsRefused()
    {
        AddParts(3);
        using IDisposable other = new IndexFolder(_folder).Lock();

        Assert.Throws<IndexBusyException>(Build);
    }

    [SkippableFact]
    public void Build_AfterATornLine_CutsItOff()
    {
        AddParts(3);
        Build();
        string manifest = Path.Combine(_folder, "index", "manifest.jsonl");
        File.AppendAllText(manifest, "{\"segment\":{\"number\":2");
        using (VectorIndex.Open(_folder)) { AddParts(3); }

        Assert.Equal((900, 900, 2), Sizes(Build()));
        Assert.Equal(2, File.ReadAllLines(manifest).Length);
    }

    [SkippableTheory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Build_ANumberThatIsNotFinite_NamesFileAndRow(float number)
    {
        AddParts(2);
        float[][] rows = [.. _rows[300..600].Select(row => row.ToArray())];
        rows[123][7] = number;
        MadeVectors.AddPart(_folder, ++_parts, rows);

        string message = Assert.Throws<InvalidDataException>(Build).Message;

        Assert.Contains("img_emb_00003.npy", message, StringComparison.Ordinal);
        Assert.Contains("row 123", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "index"), "*.usearch*"));
    }

    [SkippableFact]
    public void Build_CaptionVectorsWithZeros_LeavesThemOut()
    {
        MadeVectors.AddPart(_folder, ++_parts, _rows[..500], [.. _rows[..500].Select((row, i) => i % 5 == 0 ? new float[Width] : row)]);

        IndexReport report = new IndexBuilder(_folder, Small).Build(VectorKind.Text, compacts: false, CancellationToken.None);

        Assert.Equal(1, report.Segments);
        using VectorIndex index = VectorIndex.Open(_folder, VectorKind.Text);
        Hit[] hits = index.Search(_rows[1], 30);
        Assert.Equal(1, hits[0].Row);
        Assert.DoesNotContain(hits, hit => hit.Row % 5 == 0);
        Assert.Empty(new IndexVerifier(_folder, VectorKind.Text).Verify(CancellationToken.None).Faults);
        Assert.Equal([VectorKind.Image, VectorKind.Text], IndexBuilder.KindsOf(_folder));
    }

    [SkippableFact]
    public void Build_AFileThatIsNotTheManifests_IsRefused()
    {
        AddParts(3);
        MadeVectors.WriteNpy(Path.Combine(_folder, "en/embeddings/img_emb/img_emb_00002.npy"), _rows[..PartRows]);

        Assert.Contains("img_emb_00002.npy", Assert.Throws<InvalidDataException>(Build).Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("damaged")]
    [InlineData("missing")]
    [InlineData("foreign")]
    public void Open_ABrokenSegment_NamesItAndTheNextBuildMakesItAgain(string fault)
    {
        AddParts(3);
        Build();
        string path = Path.Combine(_folder, "index", "image-00001.usearch");
        Break(path, fault);

        string message = Assert.Throws<InvalidDataException>(() => VectorIndex.Open(_folder)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains("laion-stream index", message, StringComparison.Ordinal);
        Assert.Single(new IndexVerifier(_folder, VectorKind.Image).Verify(CancellationToken.None).Faults);

        Assert.Equal((450, 450, 1), Sizes(Build()));
        Assert.Empty(new IndexVerifier(_folder, VectorKind.Image).Verify(CancellationToken.None).Faults);
        using VectorIndex index = VectorIndex.Open(_folder);
        AssertFinds(index, 450, k: 10);
    }

    [SkippableFact]
    public void Verify_AFlippedByteOfAVector_IsFoundByTheDigest()
    {
        AddParts(3);
        Build();
        string path = Path.Combine(_folder, "index", "image-00001.usearch");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[1000] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Contains("digest", Assert.Single(new IndexVerifier(_folder, VectorKind.Image).Verify(CancellationToken.None).Faults), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_ADamagedManifest_NamesTheByte()
    {
        AddParts(3);
        Build();
        string manifest = Path.Combine(_folder, "index", "manifest.jsonl");
        File.WriteAllText(manifest, "{}\n" + File.ReadAllText(manifest));

        Assert.Contains("byte 0", Assert.Throws<InvalidDataException>(() => VectorIndex.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Build_AFolderOfAnotherProgram_IsIndexedUntilAFileChanges(bool isHalf)
    {
        for (int i = 0; i < 4; i++) { MadeVectors.WriteNpy(Path.Combine(_folder, "img_emb", $"img_emb_{i}.npy"), _rows[(i * 200)..((i + 1) * 200)], isHalf); }
        Assert.Equal((800, 800, 2), Sizes(Build()));
        using (VectorIndex index = VectorIndex.Open(_folder)) { AssertFinds(index, 800, k: 10, tolerance: isHalf ? 1e-5 : 1e-3); }

        // Other vectors under the same name.
        float[][] others = MadeVectors.Clustered(200, Width, seed: 99);
        MadeVectors.WriteNpy(Path.Combine(_folder, "img_emb", "img_emb_1.npy"), others, isHalf);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "img_emb", "img_emb_1.npy"), DateTime.UtcNow.AddSeconds(10));

        using VectorIndex changed = VectorIndex.Open(_folder);
        Assert.Equal(600, changed.IndexedCount);
        Assert.Equal(200, changed.Search(others[0], 1)[0].Row);
        Assert.Equal(800, Build().Indexed);
    }

    [SkippableFact]
    public void Build_FilesWithoutRowsBetween_AreSteppedOver()
    {
        MadeVectors.WriteNpy(Path.Combine(_folder, "img_emb", "0.npy"), [], width: Width);
        MadeVectors.WriteNpy(Path.Combine(_folder, "img_emb", "1.npy"), _rows[..450]);
        MadeVectors.WriteNpy(Path.Combine(_folder, "img_emb", "2.npy"), [], width: Width);
        MadeVectors.WriteNpy(Path.Combine(_folder, "img_emb", "3.npy"), _rows[450..500]);

        Assert.Equal((500, 450, 1), Sizes(Build()));
        using VectorIndex index = VectorIndex.Open(_folder);
        AssertFinds(index, 500, k: 10);
        Assert.Equal(("img_emb/3.npy", 5), (index.PlaceOf(455).Part.VectorPath, index.PlaceOf(455).Position));
    }

    [SkippableFact]
    public void Build_VectorsOfAnotherModel_NamesBothFiles()
    {
        AddParts(3);
        Build();
        MadeVectors.AddPart(_folder, ++_parts, MadeVectors.Clustered(200, Width + 16, seed: 5));

        string message = Assert.Throws<InvalidDataException>(Build).Message;

        Assert.Contains("img_emb_00004.npy", message, StringComparison.Ordinal);
        Assert.Contains($"{Width + 16} numbers", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Build_OneFileOfManyRows_IsSplit()
    {
        MadeVectors.WriteNpy(Path.Combine(_folder, "a.npy"), _rows);

        Assert.Equal((2400, 2400, 6), Sizes(Build()));
        using VectorIndex index = VectorIndex.Open(_folder);
        AssertFinds(index, 2400, k: 10);
    }

    [SkippableFact]
    public void Search_WithinWideAndNarrowSets_FindsWhatComparingFinds()
    {
        float[][] rows = MadeVectors.Clustered(6000, Width, seed: 13);
        MadeVectors.WriteNpy(Path.Combine(_folder, "a.npy"), rows);
        new IndexBuilder(_folder, new IndexOptions { ExactBelow = 100, SegmentRows = 6000, Threads = 2 }).Build(VectorKind.Image, compacts: false, CancellationToken.None);
        using VectorIndex index = VectorIndex.Open(_folder);
        var random = new Random(3);
        foreach (double share in new[] { 0.95, 0.5, 0.1, 0.01 })
        {
            var within = new RowSet(Enumerable.Range(0, 6000).Where(_ => random.NextDouble() < share).Select(row => (long)row));
            AssertFinds(index, 6000, k: 10, within, of: rows);
            Assert.Equal(Math.Min(5000, within.Count), index.Search(_queries[0], 5000, within).Length);
        }
    }

    [SkippableFact]
    public async Task Search_ByManyThreads_AllSucceed()
    {
        AddParts(9);
        Build();
        using VectorIndex index = VectorIndex.Open(_folder);

        await Task.WhenAll(Enumerable.Range(0, 48).Select(thread => Task.Factory.StartNew(() =>
        {
            for (int row = thread; row < 1350; row += 48) { Assert.Equal(row, index.Search(_rows[row], 5)[0].Row); }
        }, TaskCreationOptions.LongRunning))).WaitAsync(TimeSpan.FromMinutes(2));
    }

    private static (long, long, int) Sizes(IndexReport report) => (report.Rows, report.Indexed, report.Segments);

    private static void Copy(string from, string to)
    {
        foreach (string path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            if (path.EndsWith("lock", StringComparison.Ordinal)) { continue; } // held
            string copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    private static void Break(string path, string fault)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (fault)
        {
            case "cut":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            case "longer":
                File.WriteAllBytes(path, [.. bytes, 0]);
                break;
            case "damaged":
                bytes.AsSpan(bytes.Length - 100, 50).Fill(0xFF); // neighbours of the last node
                File.WriteAllBytes(path, bytes);
                break;
            case "missing":
                File.Delete(path);
                break;
            default:
                File.WriteAllBytes(path, new byte[bytes.Length]);
                break;
        }
    }

    private IndexReport Build() => Run(_ => { });

    private IndexReport Run(Action<string> step, string? folder = null) =>
        new IndexBuilder(folder ?? _folder, Small) { Step = step }.Build(VectorKind.Image, compacts: false, CancellationToken.None);

    private (string, DateTime)[] Files() =>
        [.. Directory.GetFiles(Path.Combine(_folder, "index"), "*.usearch").Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.GetLastWriteTimeUtc(path)))];

    private void AddParts(int count)
    {
        for (int i = 0; i < count; i++)
        {
            MadeVectors.AddPart(_folder, _parts + 1, _rows[(_parts * PartRows)..((_parts + 1) * PartRows)]);
            _parts++;
        }
    }

    private void AssertFinds(VectorIndex index, int rows, int k, RowSet? within = null, double tolerance = 1e-5, float[][]? of = null)
    {
        of ??= _rows;
        (int found, int wanted) = (0, 0);
        foreach (float[] query in _queries)
        {
            int[] nearest = [.. MadeVectors.Nearest(of[..rows], query, rows).Where(row => within?.Contains(row) != false).Take(k)];
            Hit[] hits = index.Search(query, k, within);
            Assert.Equal(nearest.Length, hits.Length);
            Assert.All(hits, hit => Assert.Equal(MadeVectors.Cosine(of[hit.Row], query), hit.Score, tolerance));
            Assert.All(hits, hit => Assert.True(within?.Contains(hit.Row) != false));
            Assert.Equal(hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Row), hits);
            wanted += k;
            found += hits.Count(hit => nearest.Contains((int)hit.Row)) + k - nearest.Length;
        }

        Assert.True(found >= 0.99 * wanted, $"{found} of {wanted}");
    }
}
