using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Tests.Inputs.Lists;

public sealed class ListSchemaTests : IDisposable
{
    private readonly ListWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task ReadAsync_SameColumnsInOtherOrder_Agree()
    {
        InputFile first = _world.Write("1.csv", "url,caption,Width,b\nhttps://a/1,a black cat,1,2\n");
        InputFile second = _world.Write("2.csv", "b,WIDTH,TEXT,url\n2,1,a black cat,https://a/2\n");
        IReadOnlyList<ExtraColumn> extras = await _world.SchemaAsync(true, first, _world.Write("empty.csv", ""), second);
        Assert.Equal(["input_Width", "b"], extras.Select(extra => extra.Name));
    }

    [Theory]
    [InlineData("2.csv", "url,caption\n", "a is missing")]
    [InlineData("2.csv", "url,caption,a,b\n", "b is there alone")]
    [InlineData("2.jsonl", "{\"url\":\"x\",\"caption\":\"y\",\"a\":1}", "a is Int64, not Text")]
    [InlineData("2.csv", "link,caption,a\n", "no text column named url")]
    [InlineData("2.csv", "url,a\n", "no column named caption, text or alt")]
    [InlineData("2.csv", "\"url,a\n", "heading")]
    [InlineData("2.docx", "", "no url list")]
    public async Task ReadAsync_ListThatCannotServe_IsNamedWithTheCause(string name, string content, string cause)
    {
        InputFile first = _world.Write("1.csv", "url,caption,a\n");
        ListSchemaException e = await Assert.ThrowsAsync<ListSchemaException>(() => _world.SchemaAsync(true, first, _world.Write(name, content)));
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.Contains(cause, e.Message, StringComparison.Ordinal);
    }
}
