using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Index;
using LaionStream.Search.Mapping;
using LaionStream.Search.Tests.Index;

namespace LaionStream.Search.Tests.Mapping;

public sealed class MapBuilderTests : IDisposable
{
    private const int Width = 24;
    private static readonly IndexOptions Options = new() { MapRows = 5000, Threads = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("laion-map-").FullName;
    private readonly float[][] _rows = MadeVectors.Clustered(600, Width, seed: 3);

    public MapBuilderTests()
    {
        for (int part = 0; part < 3; part++) { MadeVectors.AddPart(_folder, part + 1, _rows[(part * 200)..((part + 1) * 200)]); }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Build_OfAnOutput_PlacesEachRowOnce()
    {
        Assert.Null(VectorMap.Open(_folder, VectorKind.Image));
        int told = 0;

        MapReport? report = new MapBuilder(_folder, Options) { Done = steps => told += steps }.Build(VectorKind.Image, default);

        Assert.Equal(new MapReport(VectorKind.Image, 600, 600, true), report);
        Assert.Equal(1000, told);
        VectorMap map = VectorMap.Open(_folder, VectorKind.Image)!;
        Assert.Equal(Enumerable.Range(0, 600).Select(row => (long)row), map.Rows);
        Assert.Equal(1200, map.Places.Count);
        Assert.Equal((1, 600L, 1L), (map.Number, map.Vectors, map.Seed));
        Assert.Null(VectorMap.FaultOf(_folder, VectorKind.Image));
        Assert.Null(VectorMap.Open(_folder, VectorKind.Text));
        Assert.Null(VectorMap.FaultOf(_folder, VectorKind.Text));
    }

    [Fact]
    public void Build_OfTheSameRows_KeepsTheMapAndOfOthersMakesIt()
    {
        Build();
        byte[] first = File.ReadAllBytes(Assert.Single(Maps()));

        Assert.False(Build().IsNew);
        File.WriteAllBytes(Maps()[0], first[..^1]);
        Assert.True(Build().IsNew); // it was damaged
        Assert.Equal(first, File.ReadAllBytes(Assert.Single(Maps())));
        Assert.Equal("image-00002.map", Path.GetFileName(Maps()[0]));
        MadeVectors.AddPart(_folder, 4, _rows[..50]);
        Assert.Equal(600, VectorMap.Open(_folder, VectorKind.Image)!.Rows.Count); // the rows of a later part have no place yet
        Assert.Equal(650, Build().Points);
        Assert.Equal(650, VectorMap.Open(_folder, VectorKind.Image)!.Rows.Count);
        Assert.Single(Maps());
        Assert.True(new MapBuilder(_folder, new IndexOptions { MapSeed = 2 }).Build(VectorKind.Image, default)!.IsNew);
    }

    [Fact]
    public void Build_OfMoreRowsThanAsked_DrawsMostlyTheSameOfAnOutputThatGrew()
    {
        var few = new IndexOptions { MapRows = 200, Threads = 2 };
        Assert.Equal(new MapReport(VectorKind.Image, 200, 600, true), new MapBuilder(_folder, few).Build(VectorKind.Image, default));
        long[] before = [.. VectorMap.Open(_folder, VectorKind.Image)!.Rows];
        Assert.InRange(before.Count(row => row < 200), 45, 90); // of each part about a third
        Assert.InRange(before.Count(row => row >= 400), 45, 90);

        MadeVectors.AddPart(_folder, 4, _rows[..60]);
        new MapBuilder(_folder, few).Build(VectorKind.Image, default);

        long[] after = [.. VectorMap.Open(_folder, VectorKind.Image)!.Rows];
        Assert.Equal(200, after.Length);
        Assert.InRange(before.Intersect(after).Count(), 160, 199);
    }

    [Fact]
    public void Open_AfterRowsWereRemoved_ShowsThemNoMore()
    {
        Build();
        VectorMap before = VectorMap.Open(_folder, VectorKind.Image)!;

        IndexRemoval.Remove(_folder, 2, [3, 4, 100]);

        VectorMap map = VectorMap.Open(_folder, VectorKind.Image)!;
        Assert.Equal(Enumerable.Range(0, 600).Select(row => (long)row).Except([203, 204, 300]), map.Rows);
        Assert.Equal(PlaceOf(before, 205), PlaceOf(map, 205)); // the others stay where they were
        Assert.Equal(PlaceOf(before, 599), PlaceOf(map, 599));
        Assert.Equal(597, Build().Points);
    }

    [Fact]
    public void Open_AfterAPartWasRewritten_FollowsItsRows()
    {
        Build();
        VectorMap before = VectorMap.Open(_folder, VectorKind.Image)!;

        MadeVectors.AddPart(_folder, 4, [.. _rows[200..400].Where((_, at) => at is not (0 or 7))]);
        string manifest = Path.Combine(_folder, "state", "manifest.jsonl");
        IEnumerable<ManifestEntry> left = [.. ManifestReader.Read(manifest).Where(entry => entry.Commit != 2)];
        File.WriteAllText(manifest, string.Concat(left.Select(entry => Encoding.UTF8.GetString(entry.ToLine()) + "\n")));
        Assert.Equal(400, VectorMap.Open(_folder, VectorKind.Image)!.Rows.Count); // between the two nothing that was removed shows
        IndexRemoval.Remove(_folder, 2, [0, 7], 4);

        VectorMap map = VectorMap.Open(_folder, VectorKind.Image)!;
        Assert.Equal(598, map.Rows.Count);
        Assert.Equal(PlaceOf(before, 201), PlaceOf(map, 400)); // part 1, part 3, and the rest of part 2
        Assert.Equal(PlaceOf(before, 208), PlaceOf(map, 406));
        Assert.Equal(PlaceOf(before, 400), PlaceOf(map, 200));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("append")]
    [InlineData("delete")]
    [InlineData("done")]
    public void Build_EndedAtAnyStep_LeavesAWholeMapAndTheNextGoesOn(string at)
    {
        Build();
        MadeVectors.AddPart(_folder, 4, _rows[..50]);

        Assert.Throws<TimeoutException>(() => new MapBuilder(_folder, Options)
        {
            Step = step =>
            {
                if (step == at) { throw new TimeoutException(); }
            },
        }.Build(VectorKind.Image, default));

        Assert.Null(VectorMap.FaultOf(_folder, VectorKind.Image));
        Assert.Equal(at is "write" or "append" ? 600 : 650, VectorMap.Open(_folder, VectorKind.Image)!.Rows.Count);
        Assert.Equal(650, Build().Points);
        Assert.Single(Maps());
    }

    [Fact]
    public void FaultOf_ADamagedMap_NamesItsFile()
    {
        Build();
        string path = Maps()[0];
        byte[] whole = File.ReadAllBytes(path);

        foreach (int at in new[] { 0, 9, 17, 30, whole.Length - 1 })
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 1;
            File.WriteAllBytes(path, damaged);
            Assert.Contains(path, VectorMap.FaultOf(_folder, VectorKind.Image), StringComparison.Ordinal);
            Assert.Throws<InvalidDataException>(() => VectorMap.Open(_folder, VectorKind.Image));
        }

        File.WriteAllBytes(path, whole[..100]);
        Assert.Contains("100 bytes", VectorMap.FaultOf(_folder, VectorKind.Image), StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("is not there", VectorMap.FaultOf(_folder, VectorKind.Image), StringComparison.Ordinal);
        Assert.True(Build().IsNew);
        Assert.Null(VectorMap.FaultOf(_folder, VectorKind.Image));
    }

    [Fact]
    public void Build_OfAnotherProgramsEmbeddings_PlacesEachRowUntilTheirFilesChange()
    {
        string folder = Path.Combine(_folder, "clip");
        MadeVectors.WriteNpy(Path.Combine(folder, "img_emb", "img_emb_0.npy"), _rows[..300]);
        MadeVectors.WriteNpy(Path.Combine(folder, "img_emb", "img_emb_1.npy"), _rows[300..]);
        var builder = new MapBuilder(folder, Options);

        Assert.Equal(600, builder.Build(VectorKind.Image, default)!.Points);
        Assert.False(builder.Build(VectorKind.Image, default)!.IsNew);
        Assert.Equal(600, VectorMap.Open(folder, VectorKind.Image)!.Rows.Count);

        MadeVectors.WriteNpy(Path.Combine(folder, "img_emb", "img_emb_1.npy"), _rows[300..500]);
        Assert.Equal(300, VectorMap.Open(folder, VectorKind.Image)!.Rows.Count); // what the other file has is not known
        Assert.True(builder.Build(VectorKind.Image, default)!.IsNew);
        Assert.Equal(500, VectorMap.Open(folder, VectorKind.Image)!.Rows.Count);
    }

    [Fact]
    public void Build_BesideAnother_SaysSo()
    {
        using IDisposable other = new IndexFolder(_folder).LockMaps();

        Assert.Throws<IndexBusyException>(Build);
    }

    [Fact]
    public void Build_OfVectorsWithoutDirection_LeavesThemOut()
    {
        MadeVectors.AddPart(_folder, 4, [new float[Width], _rows[0], [.. Enumerable.Repeat(float.NaN, Width)]]);

        Assert.Equal(601, Build().Points);

        VectorMap map = VectorMap.Open(_folder, VectorKind.Image)!;
        Assert.Contains(601, map.Rows);
        Assert.DoesNotContain(600, map.Rows);
        Assert.All(map.Places, place => Assert.True(float.IsFinite(place)));
    }

    [Fact]
    public void Build_OfSomeRows_CountsThoseThatHaveADirection()
    {
        MadeVectors.AddPart(_folder, 4, [.. Enumerable.Repeat(new float[Width], 200)]);

        MapReport? report = new MapBuilder(_folder, new IndexOptions { MapRows = 300, Threads = 2 }).Build(VectorKind.Image, default);

        Assert.Equal(new MapReport(VectorKind.Image, 300, 600, true), report);
    }

    [Fact]
    public void Read_OfOtherBytes_IsRefused()
    {
        byte[] whole = new MapFile([0, 5, 9], [0, 1, 2, 3, 4, 5]).ToBytes();
        Assert.Equal([0, 5, 9], MapFile.Read(whole, 10).Keys);

        Assert.Throws<InvalidDataException>(() => MapFile.Read(whole, 9)); // a key beyond the rows
        Assert.Throws<InvalidDataException>(() => MapFile.Read(new MapFile([5, 5, 9], [0, 1, 2, 3, 4, 5]).ToBytes(), 10));
        Assert.Throws<InvalidDataException>(() => MapFile.Read(new MapFile([-1, 5, 9], [0, 1, 2, 3, 4, 5]).ToBytes(), 10));
        Assert.Throws<InvalidDataException>(() => MapFile.Read(new MapFile([0, 5, 9], [0, 1, float.NaN, 3, 4, 5]).ToBytes(), 10));
        for (int length = 0; length < whole.Length; length++) { Assert.Throws<InvalidDataException>(() => MapFile.Read(whole.AsSpan(0, length), 10)); }
        for (int at = 8; at < 24; at++)
        {
            byte[] other = [.. whole];
            other[at] = 0xFF;
            if (at is >= 12 and < 16) { continue; } // kept for later formats
            Assert.Throws<InvalidDataException>(() => MapFile.Read(other, 10));
        }
    }

    private static (float, float) PlaceOf(VectorMap map, long row)
    {
        int at = map.Rows.ToList().IndexOf(row);
        return (map.Places[at * 2], map.Places[(at * 2) + 1]);
    }

    private string[] Maps() => Directory.GetFiles(Path.Combine(_folder, "index"), "*.map*");

    private MapReport Build() => new MapBuilder(_folder, Options).Build(VectorKind.Image, default)!;
}
