using System.Text;
using LaionStream.Dataset.Manifest;

namespace LaionStream.Dataset.Tests;

public sealed class ManifestEntryTests
{
    private const string RowsOnly =
        """{"commit":7,"set":"en","at":"2026-11-28T16:53:50+00:00","rows":2,"files":[{"path":"en/part-00012.parquet","temp":"en/.part-00012.parquet.7.laion-tmp","bytes":5,"sha256":"ab"}],"shards":{"2":"48,1"}}""";

    [Fact]
    public void ToLine_RowsOnly_HasTheBytesOfVersion010()
    {
        ManifestEntry entry = Entry(new ManifestFile("en/part-00012.parquet", "en/.part-00012.parquet.7.laion-tmp", 5, "ab"));

        Assert.Equal(RowsOnly, Encoding.UTF8.GetString(entry.ToLine()));
    }

    [Fact]
    public void Parse_NoRole_HoldsRows() => Assert.Equal(FileRole.Rows, Assert.Single(Parse(RowsOnly).Files).Role);

    [Fact]
    public void Parse_RoleIsNull_HoldsRows() =>
        Assert.Equal(FileRole.Rows,
        Assert.Single(Parse(RowsOnly.Replace("\"sha256\":\"ab\"", "\"sha256\":\"ab\",\"role\":null", StringComparison.Ordinal)).Files).Role);

    [Fact]
    public void FileOf_RowsAreNotTheFirstFile_IsFoundByRole()
    {
        var images = new ManifestFile("en/part-00012.tar", "en/.part-00012.tar.7.laion-tmp", 9, "cd") { Role = "images" };
        var rows = new ManifestFile("en/part-00012.parquet", "en/.part-00012.parquet.7.laion-tmp", 5, "ab");

        string line = Encoding.UTF8.GetString(Entry(images, rows).ToLine());

        Assert.Contains("\"sha256\":\"cd\",\"role\":\"images\"},", line, StringComparison.Ordinal);
        Assert.Equal(1, line.Split("\"role\"").Length - 1);
        Assert.Equal((images, rows, null), (Parse(line).FileOf("images"), Parse(line).FileOf(FileRole.Rows), Parse(line).FileOf("text-embeddings")));
    }

    private static ManifestEntry Entry(params ManifestFile[] files) =>
        new(7, "en", new DateTimeOffset(2026, 11, 28, 16, 53, 50, TimeSpan.Zero), 2, files, new Dictionary<int, string> { [2] = "48,1" });

    private static ManifestEntry Parse(string line) => ManifestEntry.Parse(Encoding.UTF8.GetBytes(line)) ?? throw new InvalidOperationException("no line");
}
