using System.Formats.Tar;
using System.Security.Cryptography;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Vectors;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Tests.Subsets;

/// <summary>Tars and vectors of the chosen rows, and of no others.</summary>
public sealed class FolderSubsetTests : IDisposable
{
    private const int Rows = 20;

    private readonly QueriedOutput _output = new();

    public FolderSubsetTests()
    {
        _output.Add("en", Rows);
        _output.Add("en", Rows);
        _output.Add("multi", Rows);
        PicturedOutput.Complete(_output.Root);
    }

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Write_Shards_HaveTheSamplesOfTheChosenRows()
    {
        SubsetResult result = Write(SubsetFormat.Shards, "WIDTH IN (257, 259)");

        Assert.Equal((6, 60), (result.Rows, result.Of));
        foreach (OutputPart part in OutputFolder.Parts(Out))
        {
            Assert.Equal(["0001.jpg", "0001.txt", "0001.json", "0003.jpg", "0003.txt", "0003.json"], EntriesOf(part.PathOf(FileRole.Images)!));
            Assert.Equal(2, part.Entry.Rows);
            Assert.Null(part.PathOf(FileRole.ImageEmbeddings));
            Assert.Equal([["caption 1"], ["caption 3"]], QueriedOutput.Query($"SELECT TEXT FROM '{part.PathOf(FileRole.Rows)}'"));
            Assert.Equal([["caption 1"], ["caption 3"]], QueriedOutput.Query($"SELECT TEXT FROM '{part.PathOf(FileRole.ImageMetadata)}'"));
            Assert.Equal("""{"count":2,"successes":2,"duration":1.5,"status_dict":{"success":2}}""", File.ReadAllText(part.PathOf(FileRole.ImageStats)!));
        }

        Assert.Equal("""{"part-00000.tar":2,"part-00001.tar":2}""", File.ReadAllText(Path.Combine(Out, "en", "images", "sizes.json")));
        Assert.Equal(6, Write(SubsetFormat.Embeddings, "WIDTH IN (257, 259)", "again").Rows);
    }

    [Fact]
    public void Write_Embeddings_HaveTheVectorsOfTheChosenRows()
    {
        Write(SubsetFormat.Embeddings, "WIDTH IN (257, 259) AND \"set\" = 'en'");

        OutputPart[] parts = [.. OutputFolder.Parts(Out)];
        Assert.Equal(2, parts.Length);
        byte[] vectors = File.ReadAllBytes(parts[0].PathOf(FileRole.ImageEmbeddings)!);
        Assert.Equal((2, 2), NpyHeader.Parse(vectors));
        Assert.Equal<byte>([1, 1, 1, 1, 3, 3, 3, 3], vectors[NpyHeader.Bytes..]);
        Assert.Null(parts[0].PathOf(FileRole.Images));
    }

    [Fact]
    public void Write_SampleOfSeveralInputs_IsAFolderEachWithTheSameBytesEachTime()
    {
        string copy = _output.Beside("copy");
        Copy(_output.Root, copy);
        SubsetRequest request = new() { Inputs = [_output.Root, copy], Output = Out, Format = SubsetFormat.Shards, Distinct = DistinctBy.Hash, Sample = SubsetSample.Parse("25") };
        Assert.Equal(25, SubsetWriter.Write(request, null, CancellationToken.None).Rows);
        SubsetWriter.Write(request with { Output = _output.Beside("again"), Limits = new SqlLimits { Threads = 5 } }, null, CancellationToken.None);

        Assert.Equal(["0"], Directory.EnumerateDirectories(Out).Select(Path.GetFileName)); // all of the copy equals the first
        Assert.Equal(Digests(Out), Digests(_output.Beside("again")));
    }

    [Fact]
    public void Write_InputsWithoutPictures_AreRefusedAndNothingIsLeft()
    {
        using var bare = new QueriedOutput();
        bare.Add("en", 3);
        SubsetRequest request = new() { Inputs = [bare.Root], Output = bare.Beside("x"), Format = SubsetFormat.Shards };

        Assert.Contains("Writing:Images", Assert.Throws<RequestException>(() => SubsetWriter.Write(request, null, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Contains("Writing:Embeddings",
            Assert.Throws<RequestException>(() => SubsetWriter.Write(request with { Format = SubsetFormat.Embeddings }, null, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Equal(["out"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(bare.Root)!).Select(Path.GetFileName));
    }

    private string Out => _output.Beside("subset");

    private SubsetResult Write(SubsetFormat format, string where, string name = "subset") => SubsetWriter.Write(
        new SubsetRequest { Inputs = [_output.Root], Output = _output.Beside(name), Format = format, Where = where }, null, CancellationToken.None);

    private static List<string> EntriesOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var tar = new TarReader(file);
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            Assert.Equal(300 * int.Parse(entry.Name[..4], System.Globalization.CultureInfo.InvariantCulture), entry.Length);
            names.Add(entry.Name);
        }

        return names;
    }

    private static void Copy(string from, string to)
    {
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    private static string[] Digests(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => Path.GetRelativePath(folder, path) + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))))];
}
