using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Vectors;
using LaionStream.Engine.Ledger.State;
using LaionStream.Host.Hosting;
using LaionStream.Host.Tests.Process;
using LaionStream.Search.Index;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Host.Tests.Verbs;

/// <summary><c>index</c> as an operator calls it.</summary>
public sealed class IndexVerbTests : IDisposable
{
    private const int Width = 64;
    private const int PartRows = 500;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-index-verb-");
    private int _parts;

    private string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Index_AnOutput_IsBuiltVerifiedAndAddedTo()
    {
        AddParts(2);

        Assert.Equal((ExitCode.Done, $"{Folder}: 1000 of 1000 vectors of pictures in 1 segment.\n", ""), await RunAsync(Folder));
        Assert.Equal((ExitCode.Done, $"{Folder}: whole: 1000 of 1000 vectors of pictures in 1 segment.\n", ""), await RunAsync(Folder, "--verify"));

        AddParts(1);
        (int code, string text, _) = await RunAsync(Folder);
        Assert.Equal((ExitCode.Done, $"{Folder}: 1500 of 1500 vectors of pictures in 2 segments.\n"), (code, text));
        Assert.Equal(["image-00001.usearch", "image-00002.usearch"], Segments());
    }

    [Fact]
    public async Task Index_WithAMap_MakesAndVerifiesIt()
    {
        AddParts(1);
        string path = Path.Combine(Folder, "index", "image-00001.map");

        (int code, string text, _) = await RunAsync(Folder, "--map");
        Assert.Equal(ExitCode.Done, code);
        Assert.EndsWith($"{Folder}: 500 of 500 vectors of pictures on the map.\n", text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync(Folder, "--verify")).Code);
        Assert.EndsWith("on the map, as before.\n", (await RunAsync(Folder, "--map", "--follow")).Text, StringComparison.Ordinal);
        Assert.EndsWith("on the map, as before.\n", (await RunAsync(Folder, "--map", "--compact")).Text, StringComparison.Ordinal);
        byte[] first = File.ReadAllBytes(path);

        File.WriteAllBytes(path, first[..^1]);
        (code, text, _) = await RunAsync(Folder, "--verify");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("image-00001.map' has", text, StringComparison.Ordinal);
        Assert.Contains("'laion-stream index --map' makes it again", text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync(Folder, "--map", "--threads", "1")).Code);
        Assert.Equal(first, File.ReadAllBytes(path.Replace("00001", "00002", StringComparison.Ordinal))); // by another number of threads
        Assert.Equal(ExitCode.Done, (await RunAsync(Folder, "--verify")).Code);
    }

    [Fact]
    public async Task Index_ADamagedSegment_IsFoundAndBuiltAgain()
    {
        AddParts(2);
        await RunAsync(Folder);
        string path = Path.Combine(Folder, "index", "image-00001.usearch");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[100] ^= 4;
        File.WriteAllBytes(path, bytes);

        (int code, string text, _) = await RunAsync(Folder, "--verify");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("image-00001.usearch' is damaged", text, StringComparison.Ordinal);
        Assert.Contains("not whole", text, StringComparison.Ordinal);

        File.Delete(path);
        Assert.Equal(ExitCode.Done, (await RunAsync(Folder)).Code);
        Assert.Equal(ExitCode.Done, (await RunAsync(Folder, "--verify")).Code);
    }

    [Theory]
    [InlineData("is not there", "{folder}/none")]
    [InlineData("has no vectors of pictures", "{folder}")]
    [InlineData("name one folder", "{folder}", "{folder}", "--follow")]
    [InlineData("index --verify DIR", "verify", "{folder}")]
    [InlineData("--verify builds nothing", "{folder}", "--verify", "--follow")]
    [InlineData("--verify builds nothing", "{folder}", "--verify", "--map")]
    [InlineData("SegmentRows", "{folder}", "--Laion:Index:SegmentRows=10")]
    [InlineData("Laion:Index:Threads", "{folder}", "--threads", "-1")]
    public async Task Index_WhatCannotBeDone_IsExitTwoWithItsReason(string reason, params string[] args)
    {
        (int code, string text, string error) = await RunAsync([.. args.Select(arg => arg.Replace("{folder}", Folder, StringComparison.Ordinal))]);

        Assert.Equal((ExitCode.Usage, ""), (code, text));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_AnOutputWithoutVectors_SaysSo()
    {
        AddPart(hasVectors: false);

        (int code, _, string error) = await RunAsync(Folder);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Laion:Writing:Embeddings", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_BrokenVectors_NamesTheFile()
    {
        AddParts(2);
        string path = Path.Combine(Folder, "en/embeddings/img_emb/img_emb_00002.npy");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..5000]);

        (int code, _, string error) = await RunAsync(Folder);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("img_emb_00002.npy' is cut short", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_KilledAgainAndAgain_EndsWhole()
    {
        AddParts(8);
        int kills = 0;
        while (kills < 6)
        {
            using HostProcess process = Start(Folder, "--threads", "1");
            string temps = Path.Combine(Folder, "index");
            bool IsBuilding() => Directory.Exists(temps) && Directory.GetFiles(temps).Length > kills;
            while (!process.HasExited && !IsBuilding()) { await Task.Delay(5); }
            await Task.Delay(kills * 60); // somewhere between loading the vectors and the last line
            if (process.HasExited) { break; }

            await process.SignalAsync("KILL");
            await process.EndAsync();
            kills++;
            using VectorIndex left = VectorIndex.Open(Folder);
            Assert.Equal(4000, left.Count);
            Assert.Equal(3210, left.Search(left.Vector(3210)!, 1)[0].Row);
        }

        Assert.True(kills > 0);
        (int code, string text, _) = await RunAsync(Folder); // it builds the segments that none of the killed had the time for
        Assert.Equal((ExitCode.Done, $"{Folder}: 4000 of 4000 vectors of pictures in {Segments().Length} segments.\n"), (code, text));
        Assert.Equal(ExitCode.Done, (await RunAsync(Folder, "--verify")).Code);
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(Folder, "index")), path => path.EndsWith("tmp", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Follow_BesideARun_IndexesItsPartsAndEndsWithIt()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Tells a running output by its lock.");
        Directory.CreateDirectory(Path.Combine(Folder, "state"));
        OutputLock run = OutputLock.Take(Path.Combine(Folder, "state"), isRequired: false, NullLogger.Instance);
        try
        {
            File.WriteAllText(Path.Combine(Folder, "state", "manifest.jsonl"), ""); // no part yet
            using HostProcess process = Start(Folder, "--follow", "--Laion:Index:Poll=00:00:00.1");
            AddParts(2);
            await process.UntilAsync(() => Segments().Length == 1);
            AddParts(1);
            await process.UntilAsync(() => Segments().Length == 2);
            AddPart(rows: 100);
            run.Dispose();

            (int code, string text, string error) = await process.EndAsync();
            Assert.True(code == ExitCode.Done, error);
            Assert.EndsWith($"{Folder}: 1500 of 1600 vectors of pictures in 2 segments; 100 are compared one by one.\n", text, StringComparison.Ordinal);
        }
        finally
        {
            run.Dispose();
        }
    }

    [SkippableFact]
    public async Task Follow_Terminated_KeepsWhatIsFinished()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Tells a running output by its lock.");
        AddParts(2);
        using OutputLock run = OutputLock.Take(Path.Combine(Folder, "state"), isRequired: false, NullLogger.Instance);
        using HostProcess process = Start(Folder, "--follow");
        await process.UntilAsync(() => Segments().Length == 1 && File.Exists(Path.Combine(Folder, "index", "manifest.jsonl")));
        await process.SignalAsync("TERM");

        (int code, _, string error) = await process.EndAsync();

        Assert.Equal(ExitCode.Stopped, code);
        Assert.Contains("the same command goes on", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync(Folder, "--verify")).Code);
    }

    private static HostProcess Start(params string[] args) => HostProcess.Start(["index", "--Laion:Index:ExactBelow=300", "--Laion:Index:SegmentRows=1000", .. args]);

    private static async Task<(int Code, string Text, string Error)> RunAsync(params string[] args)
    {
        using HostProcess process = Start(args);
        return await process.EndAsync();
    }

    private string[] Segments()
    {
        string index = Path.Combine(Folder, "index");
        return Directory.Exists(index) ? [.. Directory.GetFiles(index, "image-*.usearch").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];
    }

    private void AddParts(int count)
    {
        for (int i = 0; i < count; i++) { AddPart(); }
    }

    private void AddPart(int rows = PartRows, bool hasVectors = true)
    {
        _parts++;
        Directory.CreateDirectory(Path.Combine(Folder, "state"));
        var files = new List<ManifestFile> { new($"en/part-{_parts:D5}.parquet", "en/.temp", 1, "00") };
        if (hasVectors)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"en/embeddings/img_emb/img_emb_{_parts:D5}.npy");
            Directory.CreateDirectory(Path.Combine(Folder, "en/embeddings/img_emb"));
            var random = new Random(_parts);
            Half[] numbers = [.. Enumerable.Range(0, rows * Width).Select(_ => (Half)(random.NextDouble() - 0.5))];
            byte[] bytes = [.. NpyHeader.Make(rows, Width), .. MemoryMarshal.AsBytes(numbers.AsSpan())];
            File.WriteAllBytes(Path.Combine(Folder, path), bytes);
            files.Add(new ManifestFile(path, path + ".temp", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))) { Role = FileRole.ImageEmbeddings });
        }

        var entry = new ManifestEntry(_parts, "en", DateTimeOffset.UnixEpoch, rows, files, new Dictionary<int, string>());
        using FileStream manifest = File.Open(Path.Combine(Folder, "state", "manifest.jsonl"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        manifest.Write([.. entry.ToLine(), (byte)'\n']);
    }
}
