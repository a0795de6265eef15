using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Tests.Inputs.Lists;

/// <summary>Which columns of lists are used, and lists with different other columns in one run.</summary>
public sealed class ListColumnChoiceTests : IDisposable
{
    private readonly ListWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("a.csv", "url,link,caption,titel\nhttps://no/1,https://a/1,not this,a black cat\n")]
    [InlineData("a.tsv", "URL\tLink\tCaption\tTitel\nhttps://no/1\thttps://a/1\tnot this\ta black cat\n")]
    [InlineData("a.json", """[{"url":"https://no/1","link":"https://a/1","caption":"not this","titel":"a black cat"}]""")]
    public async Task ReadAsync_NamedColumns_AreTaken(string name, string content)
    {
        _world.Choice = ListColumnChoice.Of(new InputOptions { UrlColumn = "LINK", CaptionColumn = "Titel" });

        Candidate row = Assert.Single(await _world.ReadAsync(_world.Write(name, content))).Candidate!;

        Assert.Equal(("https://a/1", "a black cat"), (row.Url, row.Text));
        Assert.Equal(["https://no/1", "not this"], row.Extras!);
    }

    [Theory]
    [InlineData("link,caption\nhttps://a/1,a cat\n", "no text column named href (Laion:Input:UrlColumn); its columns are link, caption")]
    [InlineData("href,caption\nhttps://a/1,a cat\n", "no text column named titel (Laion:Input:CaptionColumn)")]
    public async Task ReadAsync_NamedColumnIsNotThere_IsRefused(string content, string cause)
    {
        _world.Choice = ListColumnChoice.Of(new InputOptions { UrlColumn = "href", CaptionColumn = "titel" });

        ListSchemaException e = await Assert.ThrowsAsync<ListSchemaException>(() => _world.ReadAsync(_world.Write("a.csv", content), captionRequired: false));

        Assert.Contains(cause, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_TextListBesideNamedColumns_HasItsOneColumn()
    {
        _world.Choice = ListColumnChoice.Of(new InputOptions { UrlColumn = "href", CaptionColumn = "titel" });

        Assert.Equal("https://a/1", Assert.Single(await _world.ReadAsync(_world.Write("a.txt", "https://a/1\n"), captionRequired: false)).Candidate!.Url);
    }

    [Theory]
    [InlineData("none", new string[0])]
    [InlineData("c, A", new[] { "c", "A" })]
    public async Task SchemaAsync_DifferentColumnsOfWhichSomeAreKept_RunTogether(string keep, string[] kept)
    {
        _world.Choice = ListColumnChoice.Of(new InputOptions { KeepColumns = keep });

        IReadOnlyList<ExtraColumn> extras = await _world.SchemaAsync(
            true,
            _world.Write("1.csv", "url,caption,A,b\nhttps://a/1,a black cat,1,2\n"),
            _world.Write("2.jsonl", "{\"url\":\"https://a/2\",\"caption\":\"a white cat\",\"c\":3,\"d\":4}\n"),
            _world.Write("3.jsonl", "{\"url\":\"https://a/3\",\"caption\":\"a brown cat\",\"c\":3.5}\n"));

        Assert.Equal(kept, extras.Select(extra => extra.Name));
        Assert.Equal(kept.Length == 0 ? [] : [ExtraColumnKind.Double, ExtraColumnKind.Text], extras.Select(extra => extra.Kind));
    }

    [Fact]
    public async Task ReadAsync_ListWithoutAKeptColumn_GivesNull()
    {
        _world.Choice = ListColumnChoice.Of(new InputOptions { KeepColumns = "c,a" });
        InputFile first = _world.Write("1.csv", "url,caption,a,b\nhttps://a/1,a black cat,1,2\n");
        InputFile second = _world.Write("2.jsonl", "{\"url\":\"https://a/2\",\"caption\":\"a white cat\",\"c\":3,\"a\":true}\n");
        IReadOnlyList<ExtraColumn> extras = await _world.SchemaAsync(true, first, second);

        Assert.Equal([null, "1"], (await _world.ReadAsync(first, extras)).Single().Candidate!.Extras!);
        Assert.Equal([3L, "true"], (await _world.ReadAsync(second, extras)).Single().Candidate!.Extras!);
    }

    [Fact]
    public async Task SchemaAsync_KeptColumnThatNoListHas_IsRefused()
    {
        _world.Choice = ListColumnChoice.Of(new InputOptions { KeepColumns = "a,nowhere" });

        ListSchemaException e = await Assert.ThrowsAsync<ListSchemaException>(() => _world.SchemaAsync(true, _world.Write("1.csv", "url,caption,a\n")));

        Assert.Contains("Laion:Input:KeepColumns: no list has a column named nowhere", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SchemaAsync_OnlyOtherColumnsDiffer_NamesTheKey()
    {
        InputFile first = _world.Write("1.csv", "url,caption,a\n");

        ListSchemaException e = await Assert.ThrowsAsync<ListSchemaException>(() => _world.SchemaAsync(true, first, _world.Write("2.csv", "url,caption,b\n")));

        Assert.Contains("Laion:Input:KeepColumns", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "url;caption;n\nhttps://a/1,b;a black cat, sitting;1,5\n")]
    [InlineData("a.csv", "\"url\";\"caption\";\"n\"\r\n\"https://a/1,b\";\"a black cat, sitting\";\"1,5\"\r\n")]
    [InlineData("a.csv.gz", "\r\n\uFEFF\r\nn|Caption|URL\r\n1,5|a black cat, sitting|https://a/1,b\r\n")]
    [InlineData("a.csv", "url\tcaption\tn\nhttps://a/1,b\ta black cat, sitting\t1,5\n")]
    [InlineData("a.tsv", "url;caption;n\nhttps://a/1,b;a black cat, sitting;1,5\n")]
    [InlineData("a.csv", "\uFEFFsep=;\r\nurl;caption;n\r\nhttps://a/1,b;a black cat, sitting;1,5\r\n")] // a spreadsheet's own first line
    [InlineData("a.csv", "sep=|\nurl|caption|n\nhttps://a/1,b|a black cat, sitting|1,5\n")]
    public async Task ReadAsync_OtherDelimiterInTheHeading_IsTaken(string name, string content)
    {
        Candidate row = Assert.Single(await _world.ReadAsync(_world.Write(name, content.Replace("\r\n\uFEFF\r\n", "\uFEFF\r\n", StringComparison.Ordinal))))
            .Candidate!;

        Assert.Equal(("https://a/1,b", "a black cat, sitting", "1,5"), (row.Url, row.Text, row.Extras!.Single()));
    }
}
