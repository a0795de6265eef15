using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Candidates;
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
    public async Task ReadAsync_BrokenOrNestedGzip_CountsAsNotRead(string name)
    {
        byte[] broken = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. Encoding.UTF8.GetBytes("https://a/1\n")];
        byte[] nested = ListWorld.Gzip(ListWorld.Gzip(Encoding.UTF8.GetBytes("url\nhttps://a/1\n")));

        await Assert.ThrowsAnyAsync<IOException>(() => _world.ReadAsync(_world.Write(name, broken), captionRequired: false));
        await Assert.ThrowsAsync<InputRefusedException>(() => _world.ReadAsync(_world.Store("b" + name, nested), captionRequired: false));
    }

    [Theory]
    [InlineData("a.csv", "url,text\nhttps://a/1,a black cat\nhttps://a/2,a white cat\n")]
    [InlineData("a.tsv", "url\ttext\nhttps://a/1\ta black cat\nhttps://a/2\ta white cat\n")]
    [InlineData("a.jsonl", "{\"url\":\"https://a/1\",\"text\":\"a black cat\"}\n{\"url\":\"https://a/2\",\"text\":\"a white cat\"}\n")]
    public async Task ReadAsync_CompressionThatTheNameDoesNotSay_IsReadAll(string name, string content)
    {
        byte[] plain = Encoding.UTF8.GetBytes(content);
        (string Name, byte[] Stored)[] files =
            [("1" + name, ListWorld.Gzip(plain)), ("2" + name, ListWorld.Zstd(plain)), ("3" + name + ".gz", plain), ("4" + name + ".zst", ListWorld.Gzip(plain))];
        foreach ((string stored, byte[] bytes) in files)
        {
            List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Store(stored, bytes));
            Assert.Equal(["a black cat", "a white cat"], outcomes.Select(outcome => outcome.Candidate!.Text));
        }
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
