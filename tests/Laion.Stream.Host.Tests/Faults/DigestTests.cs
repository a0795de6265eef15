using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Parquet;
using LaionStream.Demo;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Run;

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
