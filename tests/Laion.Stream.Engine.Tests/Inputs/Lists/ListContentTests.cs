using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Tests.Inputs.Lists;

/// <summary>Files that are named like lists but are not, as a failed download leaves them.</summary>
public sealed class ListContentTests : IDisposable
{
    private const string Page = "\uFEFF\n<!DOCTYPE html>\n<html><body>url,caption <a href=\"https://a/1\">https://a/1</a></body></html>\n";
    private const string Xml = "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>\n";
    private const string Json = "{\"message\": \"Not Found\", \"documentation_url\": \"https://a/1\"}\n";

    private readonly ListWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("a.csv", Page)]
    [InlineData("a.csv", Xml)]
    [InlineData("a.csv", Json)]
    [InlineData("a.tsv.gz", Page)]
    [InlineData("a.tsv", Json)]
    [InlineData("a.txt", Page)]
    [InlineData("a.txt.zst", Xml)]
    [InlineData("a.txt", Json)]
    [InlineData("a.txt", "404: Not Found")]
    [InlineData("a.txt", "error code: 1020\nhello\n")]
    [InlineData("a.csv", "\0\0\0\0\0\0\0\0")]
    [InlineData("a.jsonl", Page)]
    [InlineData("a.json", Xml)]
    [InlineData("a.parquet", Page)]
    [InlineData("a.parquet", "PAR1 and no more of it")]
    public async Task ReadAsync_ErrorPage_CountsAsNotRead(string name, string content)
    {
        IOException e = await Assert.ThrowsAnyAsync<IOException>(() => _world.ReadAsync(_world.Write(name, content), captionRequired: false));

        Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.txt.gz")]
    [InlineData("a.jsonl")]
    public async Task ReadAsync_GzipInsideTheName_CountsAsNotRead(string name)
    {
        byte[] gzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. Encoding.UTF8.GetBytes("https://a/1\n")];

        await Assert.ThrowsAsync<InputRefusedException>(() => _world.ReadAsync(_world.Write(name, gzip), captionRequired: false));
    }

    [Fact]
    public async Task SchemaAsync_OneListIsAnErrorPage_TheOthersGiveTheColumns()
    {
        IReadOnlyList<ExtraColumn> extras = await _world.SchemaAsync(
            true, _world.Write("1.csv", Page), _world.Write("2.parquet", Xml), _world.Write("3.csv",
                "url,caption,a\nhttps://a/1,a black cat,1\n"), new InputFile(9, _world.PathOf("gone.csv")));

        Assert.Equal(["a"], extras.Select(extra => extra.Name));
    }

    [Theory]
    [InlineData("a.txt", "# a comment\nno address\n  HTTPS://a/1\n", 3)]
    [InlineData("a.csv", "url,caption\n<b>,{\n", 1)]
    public async Task ReadAsync_ListWithOddRows_IsRead(string name, string content, int rows) =>
        Assert.Equal(rows, (await _world.ReadAsync(_world.Write(name, content), captionRequired: false)).Count);
}
