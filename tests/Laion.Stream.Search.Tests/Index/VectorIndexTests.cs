using LaionStream.Search.Index;

namespace LaionStream.Search.Tests.Index;

public sealed class VectorIndexTests : IDisposable
{
    private const int Width = 32;

    private readonly string _folder = Directory.CreateTempSubdirectory("laion-index-").FullName;
    private readonly float[][] _rows = MadeVectors.Clustered(300, Width, seed: 1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Search_AnOutputOfThreeParts_FindsTheNearestRowsWithExactScores()
    {
        WriteParts();
        using VectorIndex index = VectorIndex.Open(_folder);

        foreach (float[] query in MadeVectors.Clustered(20, Width, seed: 2))
        {
            Hit[] hits = index.Search(query, 10);

            Assert.Equal(MadeVectors.Nearest(_rows, query, 10), hits.Select(hit => (int)hit.Row));
            Assert.All(hits, hit => Assert.Equal(MadeVectors.Cosine(_rows[hit.Row], query), hit.Score, 1e-5));
            Assert.Equal(hits[3].Score, index.Score(query, hits[3].Row));
        }

        Assert.Equal((300, 300, Width), (index.Count, index.RowLimit, index.Dimensions));
    }

    [Fact]
    public void Search_WithinASet_ReturnsNoOtherRow()
    {
        WriteParts();
        using VectorIndex index = VectorIndex.Open(_folder);
        var odd = new RowSet(Enumerable.Range(0, 150).Select(i => (2L * i) + 1).Append(5000));

        int[] expected = [.. MadeVectors.Nearest(_rows, _rows[7], 300).Where(row => row % 2 == 1).Take(12)];

        Assert.Equal(expected, index.Search(_rows[7], 12, odd).Select(hit => (int)hit.Row));
        Assert.Equal(150, index.Search(_rows[7], 1000, odd).Length);
        Assert.Empty(index.Search(_rows[7], 10, new RowSet()));
        Assert.Empty(index.Search(_rows[7], 0));
    }

    [Fact]
    public void AtLeast_AThreshold_GivesEveryRowAboveItInOrder()
    {
        WriteParts();
        using VectorIndex index = VectorIndex.Open(_folder);

        long[] expected = [.. Enumerable.Range(0, 300).Where(row => MadeVectors.Cosine(_rows[row], _rows[11]) >= 0.5).Select(row => (long)row)];

        Assert.Equal(expected, index.AtLeast(_rows[11], 0.5f).Select(hit => hit.Row));
        Assert.True(expected.Length is > 1 and < 300);
    }

    [Fact]
    public void PlaceOf_EveryRow_IsItsPartAndPosition()
    {
        WriteParts();
        using VectorIndex index = VectorIndex.Open(_folder);

        RowPlace place = index.PlaceOf(150);

        Assert.Equal((2, 50, "en/embeddings/img_emb/img_emb_00002.npy"), (place.Part.Commit, place.Position, place.Part.VectorPath));
        Assert.All(Enumerable.Range(0, 300), row =>
        {
            RowPlace at = index.PlaceOf(row);
            Assert.Equal(row, index.RowOf(at.Part.Folder, at.Part.Commit, at.Position));
            Assert.Equal(Array.ConvertAll(_rows[row], number => (float)(Half)number), index.Vector(row));
        });
        Assert.Equal(-1, index.RowOf(_folder, 2, 150));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.PlaceOf(300));
    }

    [Fact]
    public void Open_APartThatWasMovedAway_KeepsTheNumbersOfTheOthers()
    {
        WriteParts();
        File.Delete(Path.Combine(_folder, "en/embeddings/img_emb/img_emb_00002.npy"));
        using VectorIndex index = VectorIndex.Open(_folder);

        Assert.Equal((200, 300), (index.Count, index.RowLimit));
        Assert.Equal(250, index.Search(_rows[250], 1)[0].Row);
        Assert.DoesNotContain(index.Search(_rows[150], 300), hit => hit.Row is >= 100 and < 200);
        Assert.Null(index.Vector(150));
        Assert.Equal(float.NaN, index.Score(_rows[0], 150));
    }

    [Fact]
    public void Search_CaptionVectors_LeavesOutRowsWithoutACaption()
    {
        MadeVectors.AddPart(_folder, 1, _rows, [.. _rows.Select((row, i) => i % 3 == 0 ? new float[Width] : row)]);
        using VectorIndex index = VectorIndex.Open(_folder, VectorKind.Text);

        Hit[] hits = index.Search(_rows[1], 300);

        Assert.Equal(200, hits.Length);
        Assert.DoesNotContain(hits, hit => hit.Row % 3 == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_AFolderOfAnotherProgram_IsNumberedByItsSortedNames(bool isHalf)
    {
        MadeVectors.WriteNpy(Path.Combine(_folder, "img_emb", "img_emb_1.npy"), _rows[100..], isHalf);
        MadeVectors.WriteNpy(Path.Combine(_folder, "img_emb", "img_emb_0.npy"), _rows[..100], isHalf);
        using VectorIndex index = VectorIndex.Open(_folder);

        Assert.Equal(150, index.Search(_rows[150], 1)[0].Row);
        Assert.Equal(("img_emb/img_emb_1.npy", 50), (index.PlaceOf(150).Part.VectorPath, index.PlaceOf(150).Position));
    }

    [Fact]
    public void Open_TwoFolders_NumbersOneBehindTheOther()
    {
        WriteParts();
        string other = Path.Combine(_folder, "other");
        MadeVectors.WriteNpy(Path.Combine(other, "a.npy"), MadeVectors.Clustered(5, Width, seed: 9));
        using VectorIndex index = VectorIndex.Open([other, _folder]);

        Assert.Equal(5 + 42, index.Search(_rows[42], 1)[0].Row);
        Assert.Equal(5 + 242, index.RowOf(_folder, 3, 42));
    }

    [Fact]
    public void Open_VectorsOfDifferentModels_NamesBothFiles()
    {
        WriteParts();
        MadeVectors.AddPart(_folder, 4, MadeVectors.Clustered(5, Width + 1, seed: 9));

        string message = Assert.Throws<InvalidDataException>(() => VectorIndex.Open(_folder)).Message;

        Assert.Contains("img_emb_00004.npy", message, StringComparison.Ordinal);
        Assert.Contains("33", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ACommitThatIsListedTwice_IsRefused()
    {
        WriteParts();
        MadeVectors.AddPart(_folder, 2, _rows[..10], writesFiles: false);

        Assert.Contains("commit 2", Assert.Throws<InvalidDataException>(() => VectorIndex.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_AQueryThatIsNone_IsRefused()
    {
        WriteParts();
        using VectorIndex index = VectorIndex.Open(_folder);

        Assert.Contains("31", Assert.Throws<ArgumentException>(() => index.Search(new float[31], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Search(new float[Width], 1));
        Assert.Throws<ArgumentException>(() => index.Search([.. Enumerable.Repeat(float.NaN, Width)], 1));
        Assert.Throws<ArgumentException>(() => index.AtLeast([.. Enumerable.Repeat(float.PositiveInfinity, Width)], 0));
    }

    [Fact]
    public async Task Dispose_WhileSearchesRun_UnmapsAfterTheLastOfThem()
    {
        WriteParts();
        VectorIndex index = VectorIndex.Open(_folder);
        IEnumerator<Hit> running = index.AtLeast(_rows[0], -1).GetEnumerator();
        Assert.True(running.MoveNext());
        Task[] searches = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => Assert.Throws<ObjectDisposedException>(SearchOn)))];

        index.Dispose();

        await Task.WhenAll(searches).WaitAsync(TimeSpan.FromSeconds(60));
        int rest = 1;
        while (running.MoveNext()) { rest++; }
        Assert.Equal(300, rest);
        running.Dispose();

        void SearchOn()
        {
            while (true) { Assert.Equal(9, index.Search(_rows[9], 1)[0].Row); }
        }
    }

    private void WriteParts()
    {
        for (int part = 0; part < 3; part++) { MadeVectors.AddPart(_folder, part + 1, _rows[(part * 100)..((part + 1) * 100)]); }
    }
}
