using System.Formats.Tar;
using System.Globalization;
using System.Net;
using LaionStream.Dataset.Manifest;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Pictures;

public sealed class ThumbnailTests
{
    [Fact]
    public async Task Thumbnail_OfAStoredPicture_IsMadeOfItsTarEntry()
    {
        var abilities = new FakeAbilities();
        await using ServedOutput served = await ServedOutput.StartAsync(output => AddAsync(output, 3, i => $"picture {i}"), abilities.All);

        Assert.Equal((200, "picture 2 at 256"), await AskAsync(served, 2));
        Assert.Equal((200, "picture 0 at 512"), await AskAsync(served, 0, "?size=300"));
        Assert.Equal(0, abilities.Fetched);
    }

    [Fact]
    public async Task Thumbnail_OfAPictureThatDoesNotDecode_IsFetchedFromItsAddressOnce()
    {
        var abilities = new FakeAbilities();
        await using ServedOutput served = await ServedOutput.StartAsync(output => AddAsync(output, 1, _ => "bad"), abilities.All);

        Assert.Equal((200, "0.jpg at 256"), await AskAsync(served, 0));
        Assert.Equal((200, "0.jpg at 256"), await AskAsync(served, 0));
        Assert.Equal(1, abilities.Fetched);
    }

    [Fact]
    public async Task Thumbnail_WithoutStoredPicturesAndFetch_Is404()
    {
        var abilities = new FakeAbilities();
        await using ServedOutput served = await ServedOutput.StartAsync(output => output.AddPartAsync("en", [MadeOutput.Row(0)]), abilities.All, options => options.Fetch = false);

        Assert.Equal(404, (await AskAsync(served, 0)).Status);
        Assert.Equal(404, (await AskAsync(served, 1)).Status);
        Assert.Equal(400, (await AskAsync(served, 0, "?size=5000")).Status);
        Assert.Equal(400, (await AskAsync(served, 0, "?size=../../x")).Status);
        Assert.Equal(0, abilities.Fetched);
    }

    [Fact]
    public async Task Thumbnail_OfALooseFile_IsMadeOfIt()
    {
        await using ServedOutput served = await ServedOutput.StartAsync(
            output =>
            {
                Directory.CreateDirectory(Path.Combine(output.Folder, "en", "images", "00001"));
                File.WriteAllText(Path.Combine(output.Folder, "en", "images", "00001", "000010000.webp"), "loose");
                return output.AddPartAsync(
                    "en", [MadeOutput.Row(0) with { Shard = "00001", Key = "000010000" }, MadeOutput.Row(1) with { Shard = "00001", Key = "../../../summary" }], null, null,
                    (FileRole.ImageFolder, "en/images/00001/.x", []));
            },
            new FakeAbilities().All, options => options.Fetch = false);

        Assert.Equal(404, (await AskAsync(served, 1)).Status);
    }

    /// <summary>A tar that another program cut or wrote costs its pictures, and nothing else.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(2000)]
    public async Task Thumbnail_OfATarThatWasCut_IsFetchedInstead(int bytes)
    {
        await using ServedOutput served = await ServedOutput.StartAsync(output => AddAsync(output, 3, i => $"picture {i}"), new FakeAbilities().All);
        string tar = Path.Combine(served.Output.Folder, "en", "images", "00001.tar");
        await File.WriteAllBytesAsync(tar, (await File.ReadAllBytesAsync(tar))[..bytes]);

        Assert.Equal((200, "2.jpg at 256"), await AskAsync(served, 2));
    }

    private static Task<ManifestEntry> AddAsync(MadeOutput output, int count, Func<int, string> picture)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            for (int i = 0; i < count; i++)
            {
                foreach ((string extension, string text) in new[] { ("jpg", picture(i)), ("txt", "caption"), ("json", "{}") })
                {
                    writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{Key(i)}.{extension}") { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) });
                }
            }
        }

        return output.AddPartAsync(
            "en", [.. Enumerable.Range(0, count).Select(i => MadeOutput.Row(i) with { Shard = "00001", Key = Key(i) })], null, null, (FileRole.Images, "en/images/00001.tar", tar.ToArray()));
    }

    private static string Key(int i) => (10_000 + i).ToString("D9", CultureInfo.InvariantCulture);

    private static async Task<(int Status, string Body)> AskAsync(ServedOutput served, int row, string query = "")
    {
        using HttpResponseMessage answer = await served.Client.GetAsync($"/api/v1/rows/{row}/thumbnail{query}");
        Assert.Equal(answer.StatusCode == HttpStatusCode.OK ? "image/jpeg" : "application/json", answer.Content.Headers.ContentType!.MediaType);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
