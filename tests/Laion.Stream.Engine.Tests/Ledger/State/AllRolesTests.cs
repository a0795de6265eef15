using System.Formats.Tar;
using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using LaionStream.Engine.Tests.Output;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.State;

/// <summary>
/// Rows, vectors and tars are committed together: whatever happens to a session, and to a <c>retry</c> after it, all of them exist, row by row.
/// </summary>
public sealed class AllRolesTests
{
    [Theory]
    [InlineData(nameof(FaultMode.Before))]
    [InlineData(nameof(FaultMode.Torn))]
    [InlineData(nameof(FaultMode.PowerLoss))]
    [InlineData(nameof(FaultMode.Full))]
    public async Task RunThenRetry_DieAtManySteps_EveryFileHasExactlyTheRows(string mode)
    {
        int steps = await FaultDisk.StepsOfAsync((folder, disk) => Small(folder).RunAsync(disk));

        for (int step = 1; step <= steps; step += 5)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = Small(folder);
            await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            foreach (string part in Directory.EnumerateFiles(folder.Root, "part-*.parquet", SearchOption.AllDirectories))
            {
                // a reader that finds the rows finds the rest
                Assert.All(OthersOf(part), path => Assert.True(File.Exists(path), $"{mode} at step {step}: {path}"));
            }

            await world.RunAsync(FaultDisk.Immortal());
            await AssertAlignedAsync(folder, $"{mode} at step {step}");
            await RunStateCrashTests.CrashAsync(world.RetryAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            await world.RetryAsync(FaultDisk.Immortal());
            await RunStateCrashTests.AssertSameAsync(world, $"{mode} at step {step}", isRetried: true);
            await AssertAlignedAsync(folder, $"{mode} at step {step}, retried");
        }

        Assert.True(steps > 50, $"{steps} steps");
    }

    [Theory]
    [InlineData(nameof(PictureContainer.Files), nameof(FaultMode.Before))]
    [InlineData(nameof(PictureContainer.Files), nameof(FaultMode.Torn))]
    [InlineData(nameof(PictureContainer.Files), nameof(FaultMode.PowerLoss))]
    [InlineData(nameof(PictureContainer.Files), nameof(FaultMode.Full))]
    [InlineData(nameof(PictureContainer.Parquet), nameof(FaultMode.Torn))]
    [InlineData(nameof(PictureContainer.Parquet), nameof(FaultMode.PowerLoss))]
    [InlineData(nameof(PictureContainer.Parquet), nameof(FaultMode.Full))]
    public async Task RunThenRetry_NoTars_PicturesAreThereWithTheirRowsOrNotAtAll(string container, string mode)
    {
        PictureContainer kind = Enum.Parse<PictureContainer>(container);
        int steps = await FaultDisk.StepsOfAsync((folder, disk) => Small(folder, kind).RunAsync(disk));

        for (int step = 1; step <= steps; step += steps / 30)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = Small(folder, kind);
            await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            foreach (string part in Directory.EnumerateFiles(folder.Root, "part-*.parquet", SearchOption.AllDirectories))
            {
                // a reader that finds the rows finds the pictures
                await AssertPicturesAsync(part, kind, $"{mode} at step {step}, crashed");
            }

            await world.RunAsync(FaultDisk.Immortal());
            await RunStateCrashTests.CrashAsync(world.RetryAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            await world.RetryAsync(FaultDisk.Immortal());
            await RunStateCrashTests.AssertSameAsync(world, $"{mode} at step {step}", isRetried: true);
            string[] parts = [.. Directory.EnumerateFiles(folder.Root, "part-*.parquet", SearchOption.AllDirectories)];
            foreach (string part in parts) { await AssertPicturesAsync(part, kind, $"{mode} at step {step}"); }
            Assert.Equal(kind == PictureContainer.Files ? parts.Length : 0, FoldersOf(folder).Count());
            await world.SummariseAsync();
            VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);
            Assert.True(report.IsWhole, $"{mode} at step {step}: {report.Line}");
        }
    }

    [Theory]
    [InlineData("a byte", "has other files or bytes")]
    [InlineData("a file less", "has other files or bytes")]
    [InlineData("a file more", "has other files or bytes")]
    [InlineData("another name", "has other files or bytes")]
    [InlineData("a folder inside", "has other files or bytes")]
    [InlineData("gone", "is missing")]
    [InlineData("a file in its place", "has other files or bytes")]
    [InlineData("a stranger", "is in the folder but not in the manifest")]
    public async Task VerifyAsync_LooseFilesDiffer_SaysSo(string what, string expected)
    {
        using var folder = new TempFolder();
        LedgerWorld world = Small(folder, PictureContainer.Files);
        await world.RunAsync(FaultDisk.Immortal());
        await world.SummariseAsync();
        string path = FoldersOf(folder).Order(StringComparer.Ordinal).First();
        string file = Directory.EnumerateFiles(path, "*.jpg").First();
        switch (what)
        {
            case "a byte": await File.WriteAllTextAsync(file, "x" + (await File.ReadAllTextAsync(file))[1..]); break;
            case "a file less": File.Delete(file); break;
            case "a file more": await File.WriteAllTextAsync(Path.Combine(path, "z.jpg"), "x"); break;
            case "another name": File.Move(file, file + "x"); break;
            case "a folder inside": Directory.CreateDirectory(Path.Combine(path, "z")); break;
            case "gone": Directory.Delete(path, recursive: true); break;
            case "a file in its place":
                Directory.Delete(path, recursive: true);
                await File.WriteAllTextAsync(path, "x");
                break;
            case "a stranger": Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(path)!, "00777")); break;
        }

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);

        Assert.Contains(expected, Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vectors: fewer", FileRole.ImageEmbeddings, "its part has")]
    [InlineData("vectors: cut", FileRole.TextEmbeddings, "bytes; its part has")]
    [InlineData("vectors: no head", FileRole.TextEmbeddings, "does not begin as a NumPy file")]
    [InlineData("vectors: width", FileRole.ImageEmbeddings, "has vectors of 1 numbers, files before it of 3")]
    [InlineData("metadata: order", FileRole.EmbeddingMetadata, "another order")]
    [InlineData("sidecar: order", FileRole.ImageMetadata, "another order")]
    [InlineData("tar: fewer", FileRole.Images, "rows, its part")]
    [InlineData("tar: order", FileRole.Images, "another order")]
    [InlineData("tar: entry", FileRole.Images, "is not where it belongs")]
    [InlineData("tar: torn", FileRole.Images, "00")]
    [InlineData("stats", FileRole.ImageStats, "rows, its part")]
    [InlineData("stats: no json", FileRole.ImageStats, "is not the JSON")]
    public async Task VerifyAsync_FileDisagreesWithTheRows_SaysWhich(string what, string role, string expected)
    {
        using var folder = new TempFolder();
        LedgerWorld world = Small(folder);
        await world.RunAsync(FaultDisk.Immortal());
        await world.SummariseAsync();
        ManifestEntry entry = ManifestReader.Read(folder.At("state/manifest.jsonl")).Last(entry => entry.Rows > 1);
        ManifestFile file = entry.FileOf(role)!;
        byte[] bytes = await File.ReadAllBytesAsync(folder.At(file.Path));
        byte[] other = what switch
        {
            "vectors: fewer" => [.. Dataset.Vectors.NpyHeader.Make(entry.Rows - 1, 3), .. bytes[(128 + 6)..]],
            "vectors: cut" => bytes[..^6],
            "vectors: no head" => bytes[128..],
            "tar: fewer" => Tar(ShardCheck.KeysOf(folder.At(file.Path)).Skip(1), ["jpg", "txt", "json"]),
            "tar: order" => Tar(ShardCheck.KeysOf(folder.At(file.Path)).Reverse(), ["jpg", "txt", "json"]),
            "tar: entry" => Tar(ShardCheck.KeysOf(folder.At(file.Path)), ["jpg", "json", "txt"]),
            "tar: torn" => bytes[..700],
            "stats" => [.. "{\"successes\":0}"u8],
            "stats: no json" => [.. "{\"successes\":"u8],
            "sidecar: order" => await ReversedAsync(folder.At(file.Path), ofIndex: false),
            "vectors: width" => [.. Dataset.Vectors.NpyHeader.Make(entry.Rows, 1), .. new byte[2 * entry.Rows]],
            _ => await ReversedAsync(folder.At(file.Path)),
        };
        await File.WriteAllBytesAsync(folder.At(file.Path), other);
        await ListAsync(folder, file, other);

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);

        Assert.Contains(report.Problems, problem => problem.StartsWith(file.Path, StringComparison.Ordinal)
            && problem.Contains(expected, StringComparison.Ordinal));
        Assert.All(report.Problems, problem => Assert.StartsWith(file.Path, problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en/images/00070.tar")]
    [InlineData("en/images/my_stats.json")]
    [InlineData("en/embeddings/img_emb/mine.npy")]
    [InlineData("en/embeddings/metadata/metadata_70000.parquet")]
    public async Task VerifyAsync_StrangerInAFolderOfAPart_IsNamed(string path)
    {
        using var folder = new TempFolder();
        LedgerWorld world = Small(folder);
        await world.RunAsync(FaultDisk.Immortal());
        await world.SummariseAsync();
        await File.WriteAllTextAsync(folder.At(path), "mine");

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);

        Assert.Equal([$"{path} is in the folder but not in the manifest"], report.Problems);
    }

    [Theory]
    [InlineData("gone", "is missing")]
    [InlineData("one tar less", "does not list the tars")]
    [InlineData("another count", "does not list the tars")]
    [InlineData("torn", "is not the JSON")]
    public async Task VerifyAsync_SizesAreWrong_SaysSo(string what, string expected)
    {
        using var folder = new TempFolder();
        LedgerWorld world = Small(folder);
        await world.RunAsync(FaultDisk.Immortal());
        await world.SummariseAsync();
        string path = Directory.EnumerateFiles(folder.Root, "sizes.json", SearchOption.AllDirectories).MaxBy(path => new FileInfo(path).Length)!;
        string sizes = await File.ReadAllTextAsync(path);
        switch (what)
        {
            case "gone": File.Delete(path); break;
            case "one tar less": await File.WriteAllTextAsync(path, "{}"); break;
            case "another count": await File.WriteAllTextAsync(path, sizes.Replace("\":", "\":9", StringComparison.Ordinal)); break;
            case "torn": await File.WriteAllTextAsync(path, sizes[..^4]); break;
        }

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);
        Assert.Contains(expected, Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{\"000")]
    public async Task Open_SizesWereLost_AreWrittenWhole(string? left)
    {
        using var folder = new TempFolder();
        LedgerWorld world = Small(folder);
        await world.RunAsync(FaultDisk.Immortal());
        foreach (string path in Directory.GetFiles(folder.Root, "sizes.json", SearchOption.AllDirectories))
        {
            File.Delete(path);
            if (left is not null) { await File.WriteAllTextAsync(path, left); }
        }

        await using (RunState state = world.Open(FaultDisk.Immortal())) { await state.FlushAsync(); }

        await RunStateCrashTests.AssertSameAsync(world, "opened again");
    }

    private static IEnumerable<string> FoldersOf(TempFolder folder) =>
        Directory.EnumerateDirectories(folder.Root, "0*", SearchOption.AllDirectories);

    private static async Task AssertPicturesAsync(string part, PictureContainer container, string when)
    {
        await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
        string[] expected = [.. (await reader.ReadLongsAsync("SAMPLE_ID")).Select(id => Encoding.ASCII.GetString(LedgerWorld.PictureOf(new RowKey((int)(id >> 32), (int)id))))];
        string others = Path.Combine(Path.GetDirectoryName(part)!, "images", Path.GetFileNameWithoutExtension(part)["part-".Length..]);
        var found = new List<string>();
        if (container == PictureContainer.Files)
        {
            foreach (string path in Directory.EnumerateFiles(others, "*.jpg").Order(StringComparer.Ordinal)) { found.Add(await File.ReadAllTextAsync(path)); }
            Assert.Equal(3 * expected.Length, Directory.EnumerateFiles(others).Count());
        }
        else
        {
            await using SampleFileReader pictures = await SampleFileReader.OpenAsync(others + ".parquet");
            Assert.Equal("jpg", pictures.Columns[^1].Name);
            await foreach (string? picture in pictures.ReadTextsAsync("jpg")) { found.Add(picture!); }
        }

        Assert.True(expected.SequenceEqual(found), when);
    }

    private static LedgerWorld Small(TempFolder folder, PictureContainer container = PictureContainer.Tar)
    {
        var world = new LedgerWorld(folder.Root, files: 2, rowsPerFile: 24) { Tuning = new LedgerTuning(TimeSpan.FromHours(1), SegmentBytes: 250) };
        world.Options.Embeddings = KeptVectors.Both;
        world.Options.Images = KeptPictures.Original;
        world.Options.Container = container;
        return world;
    }

    private static byte[] Tar(IEnumerable<string> keys, string[] endings)
    {
        using var file = new MemoryStream();
        using (var tar = new TarWriter(file, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (string key in keys)
            {
                foreach (string ending in endings)
                {
                    tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{key}.{ending}") { DataStream = new MemoryStream([1, 2, 3]) });
                }
            }
        }

        return file.ToArray();
    }

    private static string[] OthersOf(string part)
    {
        string folder = Path.GetDirectoryName(part)!;
        string number = Path.GetFileNameWithoutExtension(part)["part-".Length..];
        return
        [
            $"{folder}/embeddings/img_emb/img_emb_{number}.npy", $"{folder}/embeddings/text_emb/text_emb_{number}.npy", $"{folder}/embeddings/metadata/metadata_{number}.parquet", $"{folder}/images/{number}.tar",
            $"{folder}/images/{number}.parquet", $"{folder}/images/{number}_stats.json",
        ];
    }

    private static async Task AssertAlignedAsync(TempFolder folder, string when)
    {
        string[] parts = [.. Directory.EnumerateFiles(folder.Root, "part-*.parquet", SearchOption.AllDirectories)];
        foreach (string part in parts)
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            RowKey[] keys = [.. (await reader.ReadLongsAsync("SAMPLE_ID")).Select(id => new RowKey((int)(id >> 32), (int)id))];
            string[] others = OthersOf(part);
            Assert.True(keys.Select(key => LedgerWorld.VectorOf(key, 1)).SelectMany(v => v)
                .SequenceEqual((await VectorFolders.ReadAsync(others[0])).SelectMany(v => v)), $"{when}: {others[0]}");
            Assert.True(keys.Select(key => LedgerWorld.VectorOf(key, 2)).SelectMany(v => v)
                .SequenceEqual((await VectorFolders.ReadAsync(others[1])).SelectMany(v => v)), $"{when}: {others[1]}");
            await using SampleFileReader metadata = await SampleFileReader.OpenAsync(others[2]);
            Assert.True(keys.Select(key => key.SampleId).SequenceEqual(await metadata.ReadLongsAsync("SAMPLE_ID")), $"{when}: {others[2]}");
            Assert.True(keys.Select(key => Encoding.ASCII.GetString(LedgerWorld.PictureOf(key)))
                .SequenceEqual(await PicturesAsync(others[3])), $"{when}: {others[3]}");
        }

        Assert.Equal(parts.Length * 2, Directory.EnumerateFiles(folder.Root, "*.npy", SearchOption.AllDirectories).Count());
    }

    private static async Task<List<string>> PicturesAsync(string path)
    {
        var pictures = new List<string>();
        await using FileStream file = File.OpenRead(path);
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var text = new StreamReader(entry.DataStream!);
            if (entry.Name.EndsWith(".jpg", StringComparison.Ordinal)) { pictures.Add(await text.ReadToEndAsync()); }
        }

        return pictures;
    }

    private static async Task<byte[]> ReversedAsync(string path, bool ofIndex = true)
    {
        await using SampleFileReader reader = await SampleFileReader.OpenAsync(path);
        long[] ids = [.. (await reader.ReadLongsAsync("SAMPLE_ID")).Reverse()];
        using var file = new MemoryStream();
        var writer = await PartFileWriter<ShardRow>.CreateAsync(file, new ShardColumns(ScoreSchema.Standard, [], ofIndex), new Dictionary<string, string>());
        foreach (long id in ids) { await writer.AddAsync(new ShardRow(LedgerWorld.RowOf(new RowKey((int)(id >> 32), (int)id), 1), "0", 1, 1)); }
        await writer.CompleteAsync();
        return file.ToArray();
    }

    /// <summary>Changes the manifest to the file's current bytes.</summary>
    private static async Task ListAsync(TempFolder folder, ManifestFile file, byte[] bytes)
    {
        string manifest = folder.At("state/manifest.jsonl");
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        string lines = await File.ReadAllTextAsync(manifest);
        await File.WriteAllTextAsync(manifest,
            lines.Replace(FormattableString.Invariant($"\"bytes\":{file.Bytes},\"sha256\":\"{file.Sha256}\""),
            FormattableString.Invariant($"\"bytes\":{bytes.Length},\"sha256\":\"{digest}\""), StringComparison.Ordinal));
    }
}
