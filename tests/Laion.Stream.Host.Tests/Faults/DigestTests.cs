using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Removal;
using LaionStream.Demo;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.Host.Hosting;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Faults;

/// <summary>Digests and EXIF as columns, and lists that name the digests of their pictures.</summary>
public sealed class DigestTests
{
    [Fact]
    public async Task Run_ListWithDigests_RowsWithOtherBytesAreDropped()
    {
        await using SmallRun run = await StartAsync(picture => string.Join('\n',
        [
            "url,caption,Hash",
            $"http://h1.fault.example/1.png,first caption,{Convert.ToHexString(SHA256.HashData(picture))}",
            $"http://h1.fault.example/2.png,second caption,{Convert.ToHexStringLower(MD5.HashData(picture))}",
            $"http://h1.fault.example/3.png,third caption,{Convert.ToHexStringLower(SHA512.HashData("other"u8))}",
            "http://h1.fault.example/4.png,fourth caption,",
        ]));
        run.Settings["Laion:Input:HashColumn"] = "hash";
        run.Settings["Laion:Writing:Digests"] = "md5, sha256,sha512";
        run.Settings["Laion:Writing:Exif"] = "true";
        run.Settings["Laion:Writing:Images"] = "original";
        run.Settings["Laion:Writing:Drops"] = "true";

        RunReport report = await run.ExecuteAsync();

        Assert.Equal((2, 2), (report.Summary.Kept, report.Summary.Dropped["hash_mismatch"]));
        await run.AssertWholeAsync(2, 4);
        int rows = 0;
        foreach (string file in Directory.GetFiles(run.Output, "*.parquet", SearchOption.AllDirectories).Where(file => !file.Contains("dropped", StringComparison.Ordinal)))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync())
            {
                Dictionary<string, object?> values = row.ToDictionary();
                Assert.Equal(Convert.ToHexStringLower(MD5.HashData(run.Picture)), values["md5"]);
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(run.Picture)), values["sha256"]);
                Assert.Equal(Convert.ToHexStringLower(SHA512.HashData(run.Picture)), values["sha512"]);
                Assert.Equal("Ünïcode", JsonDocument.Parse((string)values["exif"]!).RootElement.GetProperty("Image Make").GetString());
                Assert.True(values.ContainsKey("Hash") || values.ContainsKey("input_Hash"), string.Join(' ', values.Keys));
                rows++;
            }
        }

        Assert.Equal(2 + 2, rows); // the rows, and the metadata beside the pictures
    }

    [Theory]
    [InlineData("none", "no digest", true)]
    [InlineData("sha512", "sha512", true)]
    [InlineData("sha256", "sha256", false)]
    public async Task Run_WithoutMd5_HasNoSuchColumnAnywhereAndTellsWhatNeedsIt(string digests, string named, bool mayComeBack)
    {
        await using SmallRun run = await StartAsync(picture => string.Join('\n',
        [
            "url,caption,Hash",
            .. Enumerable.Range(0, 4).Select(i => $"http://h1.fault.example/{i}.png,caption number {i},{Convert.ToHexStringLower(MD5.HashData(picture))}"),
            $"http://h1.fault.example/4.png,another caption,{Convert.ToHexStringLower(MD5.HashData("other"u8))}",
        ]));
        run.Settings["Laion:Input:HashColumn"] = "hash"; // needs MD5 whether or not it is a column
        run.Settings["Laion:Writing:Digests"] = digests;
        run.Settings["Laion:Writing:Images"] = "original";
        run.Settings["Laion:Writing:Drops"] = "true";

        RunReport report = await run.ExecuteAsync();

        Assert.Equal((4, 1), (report.Summary.Kept, report.Summary.Dropped["hash_mismatch"]));
        await run.AssertWholeAsync(4, 5);
        foreach (string file in Directory.GetFiles(run.Output, "*.parquet", SearchOption.AllDirectories))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            Assert.DoesNotContain("md5", reader.Columns.Select(column => column.Name));
            Assert.Equal(digests != "none", reader.Columns.Any(column => column.Name == digests));
        }

        Assert.DoesNotContain("\"md5\"", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Directory.GetFiles(run.Output, "*.tar", SearchOption.AllDirectories).Single())), StringComparison.Ordinal);

        run.Settings["Laion:Writing:Digests"] = "md5";
        OutputRefusedException refused = await Assert.ThrowsAsync<OutputRefusedException>(() => run.ExecuteAsync());
        Assert.Contains($"Writing:Digests: the output has {named}, this run md5", refused.Message, StringComparison.Ordinal);
        await AssertRemovalAsync(run, mayComeBack);
    }

    [Fact]
    public async Task Run_WithoutDigests_StillObeysBlockListsOfMd5()
    {
        await using SmallRun run = await StartAsync(_ => "url,caption\nhttp://h1.fault.example/1.png,first caption\nhttp://h1.fault.example/2.png,second caption");
        string blocked = Path.Combine(Path.GetDirectoryName(run.Inputs[0])!, "blocked.txt");
        byte[] other = [.. run.Picture];
        run.PictureOf = path => path.EndsWith("2.png", StringComparison.Ordinal) ? other : LoopbackFaults.SoundPicture.ToArray();
        await File.WriteAllTextAsync(blocked, Convert.ToHexStringLower(MD5.HashData(other)));
        run.Settings["Laion:Writing:Digests"] = "none";
        run.Settings["Laion:Download:BlockLists:Bytes:0"] = blocked;

        RunReport report = await run.ExecuteAsync();

        Assert.Equal((1, 1), (report.Summary.Kept, report.Summary.Dropped["hash_blocked"]));
    }

    [Fact]
    public async Task Run_ListWithoutTheColumn_IsRefused()
    {
        await using SmallRun run = await StartAsync(_ => "url,caption\nhttp://h1.fault.example/1.png,first caption");
        run.Settings["Laion:Input:HashColumn"] = "sha256";

        ListSchemaException refused = await Assert.ThrowsAsync<ListSchemaException>(() => run.ExecuteAsync());

        Assert.Contains("Laion:Input:HashColumn", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AddressesAloneWithDigestsWanted_IsRefused()
    {
        await using SmallRun run = await StartAsync(_ => "http://h1.fault.example/1.png", "list.txt");
        run.Settings["Laion:Input:HashColumn"] = "sha256";

        await Assert.ThrowsAsync<ListSchemaException>(() => run.ExecuteAsync());
    }

    /// <summary>Rows of an output without MD5 are not removed by MD5, but by everything else.</summary>
    private static async Task AssertRemovalAsync(SmallRun run, bool mayComeBack)
    {
        string list = Path.Combine(Path.GetDirectoryName(run.Inputs[0])!, "remove.txt");
        await File.WriteAllTextAsync(list, Convert.ToHexStringLower(MD5.HashData(run.Picture)));
        using (HostProcess byMd5 = HostProcess.Start("remove", run.Output, "--md5", list))
        {
            (int code, string text, string error) = await byMd5.EndAsync();
            Assert.Equal((ExitCode.Usage, ""), (code, text));
            Assert.Contains("has no column md5, for Writing:Digests was without it: name the rows by --hash, --url or --domain", error, StringComparison.Ordinal);
        }

        await run.AssertWholeAsync(4, 5);
        await File.WriteAllTextAsync(list, "http://h1.fault.example/2.png");
        using HostProcess byUrl = HostProcess.Start("remove", run.Output, "--url", list);
        (int end, string said, string warned) = await byUrl.EndAsync();
        Assert.True(end == ExitCode.Done, warned);
        Assert.StartsWith("1 row removed", said, StringComparison.Ordinal);
        Assert.Equal(mayComeBack, warned.Contains("1 of them have neither md5 nor sha256", StringComparison.Ordinal));
        string pictures = Path.Combine(run.Output, "state", RemovedDigests.PicturesName);
        Assert.Equal(!mayComeBack, File.Exists(pictures));
        if (!mayComeBack) { Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(run.Picture)), Assert.Single(await File.ReadAllLinesAsync(pictures))); }
        VerifyReport verified = await new RunVerifier(run.Output).VerifyAsync(default);
        Assert.True(verified.IsWhole, verified.Line);
        Assert.Equal(3, verified.Rows);
    }

    private static async Task<SmallRun> StartAsync(Func<byte[], string> list, string name = "list.csv")
    {
        SmallRun run = await SmallRun.StartAsync(files: 1);
        run.Picture = WithExif(run.Picture);
        string path = Path.Combine(Path.GetDirectoryName(run.Inputs[0])!, name);
        await File.WriteAllTextAsync(path, list(run.Picture));
        run.Inputs[0] = path;
        return run;
    }

    /// <summary>The PNG with an EXIF chunk.</summary>
    private static byte[] WithExif(byte[] png)
    {
        byte[] make = [.. Encoding.UTF8.GetBytes("Ünïcode"), 0];
        byte[] block = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x0F, 0x01, 2, 0, (byte)make.Length, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0, .. make];
        using var chunk = new MemoryStream();
        HandmadePng.Chunk(chunk, "eXIf", block);
        const int AfterHeader = 8 + 25;
        return [.. png[..AfterHeader], .. chunk.ToArray(), .. png[AfterHeader..]];
    }
}
