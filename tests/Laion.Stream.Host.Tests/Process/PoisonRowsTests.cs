using System.Formats.Tar;
using System.Security.Cryptography;
using LaionStream.Host.Tests.Faults;
using static LaionStream.Host.Tests.Process.PoisonRun;

namespace LaionStream.Host.Tests.Process;

/// <summary>Decoding in processes of their own gives the rows and pictures that decoding in the run gives.</summary>
public sealed class PoisonRowsTests
{
    private static readonly int[] One = [20];

    [Fact]
    public async Task Run_SuspectsAndAlways_TheRowsAreThoseOfARunWithoutIsolation()
    {
        await using SmallRun run = await StartAsync([], One);
        string first = run.Output;
        run.Settings["Laion:Imaging:Isolation"] = "off";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        foreach (string isolation in new[] { "always", "suspects" })
        {
            run.Output = first + "-" + isolation;
            run.Settings["Laion:Imaging:Isolation"] = isolation;
            if (isolation == "suspects")
            {
                // Every row becomes a suspect: killed while all are in the decoder's hands again and again.
                Directory.CreateDirectory(Path.Combine(run.Output, "state"));
                await File.WriteAllLinesAsync(Path.Combine(run.Output, "state", "suspects.jsonl"), Enumerable.Range(0, SmallRun.LinksPerFile)
                    .Select(i => $$"""{"shard":0,"ordinal":{{i}},"stage":"decode","why":"died","at":"2026-01-01T00:00:00Z","worked":0,"limit":0,"alone":false}"""));
            }

            Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
            Assert.Equal(await OutputRows.ReadAsync(first), await OutputRows.ReadAsync(run.Output));
        }
    }

    [Theory]
    [InlineData("original")]
    [InlineData("resized")]
    public async Task Always_PicturesAreStored_TheyAreThoseOfARunWithoutIsolation(string images)
    {
        await using SmallRun run = await StartAsync([], One);
        run.Settings["Laion:Writing:Images"] = images;
        string first = run.Output;
        run.Settings["Laion:Imaging:Isolation"] = "off";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
        run.Output = first + "-always";
        run.Settings["Laion:Imaging:Isolation"] = "always";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);

        List<string> pictures = await PicturesAsync(first);
        Assert.Equal(SmallRun.KeptPerFile, pictures.Count);
        Assert.Equal(pictures, await PicturesAsync(run.Output));
    }

    /// <summary>The digests of the stored pictures, sorted.</summary>
    private static async Task<List<string>> PicturesAsync(string output)
    {
        var digests = new List<string>();
        foreach (string path in Directory.EnumerateFiles(output, "*.tar", SearchOption.AllDirectories))
        {
            await using FileStream file = File.OpenRead(path);
            await using var tar = new TarReader(file);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                if (!entry.Name.EndsWith(".txt", StringComparison.Ordinal) && !entry.Name.EndsWith(".json", StringComparison.Ordinal))
                {
                    digests.Add(Convert.ToHexString(await SHA256.HashDataAsync(entry.DataStream!)));
                }
            }
        }

        return [.. digests.Order(StringComparer.Ordinal)];
    }
}
