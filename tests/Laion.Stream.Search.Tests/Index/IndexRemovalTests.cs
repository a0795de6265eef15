using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Index;
using LaionStream.Search.Native;

namespace LaionStream.Search.Tests.Index;

public sealed class IndexRemovalTests : IDisposable
{
    private const int Width = 48;
    private static readonly IndexOptions Small = new() { ExactBelow = 100, SegmentRows = 600, Threads = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("laion-index-").FullName;
    private readonly float[][] _rows = MadeVectors.Clustered(600, Width, seed: 21);

    public IndexRemovalTests()
    {
        Skip.IfNot(Graph.Lack is null, Graph.Lack);
        for (int part = 0; part < 3; part++) { MadeVectors.AddPart(_folder, part + 1, _rows[(part * 200)..((part + 1) * 200)]); }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Remove_RowsOfAPartThatStays_AreNotFoundAnyMore(bool isIndexed)
    {
        if (isIndexed) { Build(); }
        using VectorIndex before = VectorIndex.Open(_folder);

        IndexRemoval.Remove(_folder, 2, [3, 4, 5, 100]);
        IndexRemoval.Remove(_folder, 2, [3, 4, 5, 100]);

        Assert.True(before.HasChanged());
        using VectorIndex index = VectorIndex.Open(_folder);
        Assert.Equal(596, index.Count);
        foreach (int row in new[] { 203, 204, 205, 300 })
        {
            Assert.DoesNotContain(index.Search(_rows[row], 600), hit => hit.Row == row);
            Assert.DoesNotContain(index.Search(_rows[row], 5), hit => hit.Row == row);
            Assert.DoesNotContain(index.AtLeast(_rows[row], 0.5f), hit => hit.Row == row);
            Assert.Null(index.Vector(row));
            Assert.Equal(float.NaN, index.Score(_rows[row], row));
        }

        Assert.Equal(596, index.Search(_rows[0], 600).Length);
        Assert.All([0, 202, 206, 299, 599], row => Assert.Equal(row, index.Search(_rows[row], 1)[0].Row));
        Assert.Single(new IndexFolder(_folder).Read().Removals);
    }

    [SkippableFact]
    public void Remove_FromARewrittenPart_GoesOnServingTheOthersWithoutABuild()
    {
        Build();
        Rewrite(oldCommit: 2, newCommit: 4, gone: [0, 7, 8, 199]);

        using VectorIndex index = VectorIndex.Open(_folder);

        // Rows are now: part 1, part 3, and the rest of part 2.
        Assert.Equal((596, 596), (index.Count, index.IndexedCount));
        Assert.Equal(400 + 5, index.Search(_rows[206], 1)[0].Row);
        Assert.Equal((4, 5), (index.PlaceOf(405).Part.Commit, index.PlaceOf(405).Position));
        Assert.All([200, 207, 208, 399], row => Assert.DoesNotContain(index.Search(_rows[row], 596), hit => hit.Score > 0.9999f));
        Assert.Equal(0, Build().Built);
    }

    [SkippableFact]
    public void Remove_Twice_FollowsThePositionsOfTheRewrittenPart()
    {
        Build();
        Rewrite(oldCommit: 2, newCommit: 4, gone: [0, 7, 8, 199]);
        IndexRemoval.Remove(_folder, 4, [5]); // the row 206
        Rewrite(oldCommit: 4, newCommit: 5, gone: [0]); // the row 201

        using VectorIndex index = VectorIndex.Open(_folder);

        Assert.Equal((594, 594), (index.Count, index.IndexedCount));
        Assert.Equal(400 + 3, index.Search(_rows[205], 1)[0].Row);
        Assert.All([200, 201, 206, 207, 208, 399], row => Assert.DoesNotContain(index.Search(_rows[row], 596), hit => hit.Score > 0.9999f));
        Assert.All([202, 203, 204, 205, 209, 398], row => Assert.True(index.Search(_rows[row], 1)[0].Score > 0.9999f));
    }

    [SkippableFact]
    public void Remove_KilledAfterTheOutputsOwnLine_FindsNoRemovedRow()
    {
        Build();
        Rewrite(oldCommit: 2, newCommit: 4, gone: [7], removes: false);

        using (VectorIndex index = VectorIndex.Open(_folder))
        {
            Assert.Equal((599, 400), (index.Count, index.IndexedCount));
            Assert.DoesNotContain(index.Search(_rows[207], 599), hit => hit.Score > 0.9999f);
            Assert.Equal(400 + 7, index.Search(_rows[208], 1)[0].Row);
        }

        IndexRemoval.Remove(_folder, 2, [7], replacedBy: 4); // the removal goes on
        using VectorIndex resumed = VectorIndex.Open(_folder);
        Assert.Equal(599, resumed.IndexedCount);
    }

    [SkippableFact]
    public void Build_AfterManyRemovals_RewritesTheSegmentOnce()
    {
        Build();
        IndexRemoval.Remove(_folder, 1, [.. Enumerable.Range(0, 100)]);

        Assert.Equal(1, Build().Built);
        Assert.Equal(0, Build().Built);
        Assert.Equal(500, Assert.Single(new IndexFolder(_folder).Read().Segments).Vectors);
        using VectorIndex index = VectorIndex.Open(_folder);
        Assert.Equal((500, 500), (index.Count, index.IndexedCount));
        Assert.Equal(100, index.Search(_rows[100], 1)[0].Row);
        Assert.DoesNotContain(index.Search(_rows[5], 600), hit => hit.Row < 100);
    }

    [SkippableFact]
    public void Leftovers_OfARewrittenPart_AreThereUntilTheIndexIsCompacted()
    {
        Assert.Equal(0, IndexLeftovers.Of(_folder).Segments);
        Build();
        Assert.Equal(0, IndexLeftovers.Of(_folder).Segments);
        sbyte[] numbers = new sbyte[Width];
        Assert.True(Int8.TryQuantise(_rows[207].Select(number => (float)(Half)number).ToArray(), numbers));
        byte[] vector = System.Runtime.InteropServices.MemoryMarshal.AsBytes<sbyte>(numbers).ToArray();
        Assert.True(Holds(vector));

        Rewrite(oldCommit: 2, newCommit: 4, gone: [0, 7, 8, 199]);
        (int segments, long rows, IReadOnlyList<VectorKind> kinds) = IndexLeftovers.Of(_folder);
        Assert.Equal((1, 4L), (segments, rows));
        Assert.Equal([VectorKind.Image], kinds);
        Assert.True(Holds(vector)); // not found, but there

        new IndexBuilder(_folder, Small).Build(VectorKind.Image, compacts: true, CancellationToken.None);
        Assert.Equal(0, IndexLeftovers.Of(_folder).Segments);
        Assert.False(Holds(vector));

        WriteManifest();
        Assert.Equal((1, 596L), (IndexLeftovers.Of(_folder).Segments, IndexLeftovers.Of(_folder).Rows));
        new IndexBuilder(_folder, Small).Build(VectorKind.Image, compacts: true, CancellationToken.None);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "index"), "*.usearch"));

        bool Holds(byte[] bytes) => Directory.GetFiles(Path.Combine(_folder, "index"), "*.usearch").Any(path => File.ReadAllBytes(path).AsSpan().IndexOf(bytes) >= 0);
    }

    [SkippableFact]
    public void Build_ASegmentWhosePartsAreGone_IsRetired()
    {
        Build();
        WriteManifest(2, 3);
        Assert.Equal(2, Build().Segments + Build().Built + 1); // 400 of 600 rows are left: rewritten once

        WriteManifest();
        MadeVectors.AddPart(_folder, 9, _rows[..50]);
        Assert.Equal(0, Build().Segments);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "index"), "*.usearch"));
    }

    [SkippableFact]
    public void Remove_WithoutAnIndex_FromARewrittenPart_WritesNothing()
    {
        Rewrite(oldCommit: 2, newCommit: 4, gone: [7]);

        Assert.False(Directory.Exists(Path.Combine(_folder, "index")));
    }

    [SkippableFact]
    public void Remove_PositionsOutOfOrder_AreRefused() => Assert.Throws<ArgumentException>(() => IndexRemoval.Remove(_folder, 2, [4, 3]));

    [SkippableFact]
    public void Remove_WhileABuildRuns_HoldsAfterIt()
    {
        new IndexBuilder(_folder, Small) { Step = step => { if (step == "append") { IndexRemoval.Remove(_folder, 1, [42]); } } }
            .Build(VectorKind.Image, compacts: false, CancellationToken.None);

        using VectorIndex index = VectorIndex.Open(_folder);
        Assert.Equal(599, index.IndexedCount);
        Assert.DoesNotContain(index.Search(_rows[42], 600), hit => hit.Row == 42);
    }

    private IndexReport Build() => new IndexBuilder(_folder, Small).Build(VectorKind.Image, compacts: false, CancellationToken.None);

    // As `remove` does: a new part without the rows, a manifest that lists it instead of the old one, then the index.
    private void Rewrite(long oldCommit, long newCommit, int[] gone, bool removes = true)
    {
        float[][] old = Read(oldCommit);
        MadeVectors.AddPart(_folder, newCommit, [.. old.Where((_, position) => !gone.Contains(position))]);
        WriteManifest([.. Lines().Select(entry => entry.Commit).Where(commit => commit != oldCommit)]);
        if (removes) { IndexRemoval.Remove(_folder, oldCommit, gone, newCommit); }
    }

    private float[][] Read(long commit)
    {
        using VectorIndex index = VectorIndex.Open(_folder);
        VectorPart part = index.Parts.Single(part => part.Commit == commit);
        return [.. Enumerable.Range(0, part.Rows).Select(position => index.Vector(part.FirstRow + position) ?? _rows[206])];
    }

    private List<ManifestEntry> Lines() => [.. ManifestReader.Read(Path.Combine(_folder, "state", "manifest.jsonl"))];

    private void WriteManifest(params long[] commits)
    {
        List<ManifestEntry> lines = Lines();
        File.WriteAllText(Path.Combine(_folder, "state", "manifest.jsonl"),
            string.Concat(lines.Where(entry => commits.Contains(entry.Commit)).Select(entry => Encoding.UTF8.GetString(entry.ToLine()) + "\n")));
    }
}
