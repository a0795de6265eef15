using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;
using LaionStream.Search.Tests.Index;

namespace LaionStream.Search.Tests.Subsets;

/// <summary>Rows chosen by the vectors of their pictures: row <c>i</c> of a part lies <c>i</c> degrees away from the query.</summary>
public sealed class LikeSubsetTests : IDisposable
{
    private const int Rows = 60;

    private readonly QueriedOutput _output = new();

    public LikeSubsetTests()
    {
        _output.Add("multi", Rows);
        _output.Add("en", Rows);
        AddVectors(_output.Root);
    }

    public void Dispose() => _output.Dispose();

    [Theory]
    [InlineData(10.5, null, "0,1,2,3,4,5,6,7,8,9,10")]
    [InlineData(2.5, "\"set\" = 'en'", "0,1,2")]
    [InlineData(20.5, "WIDTH >= 256 + 18", "18,19,20")]
    [InlineData(0.5, "WIDTH > 300", "")]
    public void Write_Like_TakesTheRowsWithinTheAngleThatMeetTheCondition(double degrees, string? where, string expected)
    {
        SubsetResult result = Write(Request(degrees) with { Where = where });

        string[] rows = expected.Length == 0 ? [] : expected.Split(',');
        int sets = where?.Contains("set", StringComparison.Ordinal) == true ? 1 : 2;
        Assert.Equal(rows.Length * sets, result.Rows);
        Assert.Equal([.. Enumerable.Repeat(rows, sets).SelectMany(of => of).Select(row => "caption " + row)],
            QueriedOutput.Query($"SELECT TEXT FROM '{Out}'").Select(row => row[0]));
    }

    [Fact]
    public void Write_LikeWithSampleAndDistinct_ChoosesAmongTheLikeOnly()
    {
        SubsetRequest request = Request(10.5) with { Sample = SubsetSample.Parse("6"), Distinct = DistinctBy.Hash };

        Assert.Equal(6, Write(request).Rows);
        byte[] bytes = File.ReadAllBytes(Out);
        Assert.Empty(QueriedOutput.Query($"SELECT TEXT FROM '{Out}' WHERE WIDTH > 256 + 10"));
        Write(request with { Overwrite = true, Limits = new SqlLimits { Threads = 5 } });
        Assert.Equal(bytes, File.ReadAllBytes(Out));
    }

    [Fact]
    public void Write_Like_TheManifestSaysSo()
    {
        Write(Request(10.5));

        string manifest = File.ReadAllText(SubsetWriter.ManifestOf(Out));
        Assert.Contains("\"like\": \"a query\"", manifest, StringComparison.Ordinal);
        Assert.Contains("\"min_similarity\": 0.98", manifest, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LikeOverInputsWithoutFittingVectors_NamesEachAndLeavesNothing()
    {
        using var bare = new QueriedOutput("bare");
        string parquet = bare.Add("en", 3);
        RequestException refused = Assert.Throws<RequestException>(() => Write(Request(10) with
        {
            Inputs = [_output.Root, bare.Root, parquet],
            Like = new LikeCondition("a query", [1, 0, 0], 0.5f),
        }));

        Assert.Equal(3, refused.Errors.Count);
        Assert.Contains("3 numbers", refused.Errors[0], StringComparison.Ordinal);
        Assert.Contains("Writing:Embeddings", refused.Errors[1], StringComparison.Ordinal);
        Assert.Contains("no output folder", refused.Errors[2], StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    private string Out => _output.Beside("like.parquet");

    private static SubsetResult Write(SubsetRequest request) => SubsetWriter.Write(request, null, CancellationToken.None);

    private SubsetRequest Request(double degrees) => new()
    {
        Inputs = [_output.Root],
        Output = Out,
        Like = new LikeCondition("a query", [2, 0], (float)Math.Cos(degrees * Math.PI / 180)),
    };

    private static void AddVectors(string root)
    {
        string manifest = Path.Combine(root, "state", "manifest.jsonl");
        string[] lines = File.ReadAllLines(manifest);
        for (int i = 0; i < lines.Length; i++)
        {
            ManifestEntry entry = ManifestEntry.Parse(Encoding.UTF8.GetBytes(lines[i]))!;
            string path = $"{entry.Set}/embeddings/img_emb/img_emb_0000{i}.npy";
            MadeVectors.WriteNpy(
                Path.Combine(root, path), [.. Enumerable.Range(0, Rows).Select(row => row * Math.PI / 180).Select(angle => new[] { (float)Math.Cos(angle), (float)Math.Sin(angle) })]);
            var file = new ManifestFile(path, path + ".temp", new FileInfo(Path.Combine(root, path)).Length, "00") { Role = FileRole.ImageEmbeddings };
            lines[i] = Encoding.UTF8.GetString((entry with { Files = [.. entry.Files, file] }).ToLine());
        }

        File.WriteAllLines(manifest, lines);
    }
}
