using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Run;

namespace LaionStream.Engine.Tests.Inputs;

/// <summary><c>extract</c> with dropped rows: what the rules reject is written as it was found.</summary>
public sealed class DroppedLinksTests
{
    [Fact]
    public async Task Extract_List_RejectedRowsAreWrittenAsFound()
    {
        using ExtractWorld world = CreateWorld();
        string list = world.Write("a.csv",
            "url,caption,place\nhttp://a.example/1.jpg,a caption,1\nhttp://a.example/2.jpg,,2\nnot a url,third caption,3\n"
            + "http://a.example/1.jpg,a caption,4\nhttp://a.example/5.svg,fifth caption,5\nhttp://a.example/6.jpg,six,6\n");

        RunReport report = await world.RunAsync(list);

        Assert.Equal((6, 1), (report.Summary.Links, report.Summary.Kept));
        List<Dictionary<string, object?>> rows = await DroppedAsync(world);
        Assert.Equal(
            [
                "1 no_alt http://a.example/2.jpg  2", "2 bad_url not a url third caption 3", "3 duplicate http://a.example/1.jpg a caption 4",
                "4 url_blocked http://a.example/5.svg fifth caption 5", "5 short_caption http://a.example/6.jpg six 6",
            ],
            rows.Select(row => $"{row["ordinal"]} {row["reason"]} {row["URL"]} {row["TEXT"]} {row["place"]}").Order(StringComparer.Ordinal));
        Assert.Equal(["duplicate"], rows.Where(row => row["hash"] is not null).Select(row => row["reason"]));
        Assert.DoesNotContain("similarity", rows[0].Keys);
        await world.AssertWholeAsync();
    }

    [Fact]
    public async Task Extract_ListsColumnIsNamedAsOneOfOurs_BothAreThere()
    {
        using ExtractWorld world = CreateWorld();
        string list = world.Write("a.csv", "url,caption,reason,Attempt\nhttp://a.example/2.jpg,,because,x\n");

        await world.RunAsync(list);

        Dictionary<string, object?> row = Assert.Single(await DroppedAsync(world));
        Assert.Equal(("no_alt", "because", 1, "x"), (row["reason"], row["input_reason"], row["attempt"], row["input_Attempt"]));
    }

    [Fact]
    public async Task Extract_HugeAttributesOfAPage_AreCut()
    {
        using ExtractWorld world = CreateWorld();
        string long1 = "http://a.example/" + new string('A', 300_000);
        string alt = new string('x', RejectedLinks.MaxLength - 1) + "\U0001F600 and more";
        byte[] html = Encoding.UTF8.GetBytes($"<html><body><img src='{long1}' alt='{alt}'></body></html>");
        string warc = world.Write("a.warc", [
            .. Encoding.UTF8.GetBytes(
                $"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: text/html\r\nContent-Length: {html.Length}\r\n\r\n"),
            .. html, .. "\r\n\r\n"u8,
        ]);

        await world.RunAsync(warc);

        Dictionary<string, object?> row = Assert.Single(await DroppedAsync(world));
        Assert.Equal("bad_url", row["reason"]);
        Assert.Equal(long1[..RejectedLinks.MaxLength], row["URL"]);
        Assert.Equal(alt[..(RejectedLinks.MaxLength - 1)], row["TEXT"]); // a pair of surrogates stays whole
        Assert.Equal("http://a.example/", row["page_url"]);
    }

    [Fact]
    public async Task Extract_AgainWithAnotherSwitch_IsRefusedWhereItOpensAnExtension()
    {
        using ExtractWorld world = CreateWorld();
        string list = world.Write("a.csv", "url,caption\nhttp://a.example/1.gif,a caption\n");
        Assert.Equal(0, (await world.RunAsync(list)).Summary.Kept);

        world.Settings["Laion:Imaging:Avif"] = "true"; // no .avif is blocked: nothing changes
        await world.RunAsync(list);
        world.Settings["Laion:Imaging:Gif"] = "true";
        OutputRefusedException refused = await Assert.ThrowsAsync<OutputRefusedException>(() => world.RunAsync(list));

        Assert.Contains("Imaging:Gif: the output has False, this run True", refused.Message, StringComparison.Ordinal);
    }

    private static ExtractWorld CreateWorld() => new() { Settings = { ["Laion:Writing:Drops"] = "true" } };

    private static async Task<List<Dictionary<string, object?>>> DroppedAsync(ExtractWorld world)
    {
        var rows = new List<Dictionary<string, object?>>();
        foreach (string file in Directory.EnumerateFiles(world.Folder.At("out", "dropped"), "dropped-*.parquet"))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync()) { rows.Add(row.ToDictionary()); }
        }

        return rows;
    }
}
