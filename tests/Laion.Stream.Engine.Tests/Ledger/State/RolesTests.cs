using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Tests.Output;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.State;

/// <summary>Parts of two files, the rows being the second: whatever happens to a session, both files of a part exist or neither does.</summary>
public sealed class RolesTests
{
    [Theory]
    [InlineData(nameof(FaultMode.Before))]
    [InlineData(nameof(FaultMode.Torn))]
    [InlineData(nameof(FaultMode.PowerLoss))]
    [InlineData(nameof(FaultMode.Full))]
    public async Task Run_DiesAtEveryStep_BothFilesOfAPartAreThereOrNone(string mode)
    {
        int steps = await FaultDisk.StepsOfAsync((folder, disk) => Small(folder).RunAsync(disk));
        bool canBeHalf = mode is not (nameof(FaultMode.PowerLoss) or nameof(FaultMode.Full));
        int halves = 0;

        // Segments are written in the background, so that a step is not the same one in every run: a death between the two renames may need another round.
        for (int round = 0; round == 0 || (canBeHalf && halves == 0 && round < 5); round++)
        {
            for (int step = 1; step <= steps; step++) { halves += await DieAsync(step, mode); }
        }

        Assert.True(steps > 50, $"{steps} steps");
        Assert.True(halves > 0 || !canBeHalf, "no death came between the two renames");
    }

    /// <summary>A session that dies at a step, and another that goes on.</summary>
    /// <returns>Parts of which one file was there in between, the rows were not.</returns>
    private static async Task<int> DieAsync(int step, string mode)
    {
        using var folder = TempFolder.InMemory();
        LedgerWorld world = Small(folder);
        await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
        // a reader that finds the rows finds the rest
        Assert.All(Visible(folder, ".parquet"), part => Assert.Contains(part, Visible(folder, TextFile.Ending)));
        int halves = Visible(folder, TextFile.Ending).Length - Visible(folder, ".parquet").Length;

        await using (RunState state = world.Open(FaultDisk.Immortal())) { await AssertPairsAsync(folder, $"{mode} at step {step}, opened"); }

        await world.RunAsync(FaultDisk.Immortal());
        await RunStateCrashTests.AssertSameAsync(world, $"{mode} at step {step}");
        await AssertPairsAsync(folder, $"{mode} at step {step}, at the end");
        Assert.Equal(0, world.PayloadsHeld);
        return halves;
    }

    [Theory]
    [InlineData(nameof(FaultMode.Torn))]
    [InlineData(nameof(FaultMode.PowerLoss))]
    public async Task RunWithRetry_DieManyTimes_LastOneEndsWithTheSameRows(string mode)
    {
        for (int step = 1; step < 120; step += 7)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = Small(folder);
            await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            await world.RunAsync(FaultDisk.Immortal());
            await RunStateCrashTests.CrashAsync(world.RetryAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            await world.RetryAsync(FaultDisk.Immortal());
            await RunStateCrashTests.AssertSameAsync(world, $"{mode} at step {step}", isRetried: true);
            await AssertPairsAsync(folder, $"{mode} at step {step}");
        }
    }

    [Fact]
    public async Task Open_SeveralFilesWaitUnderTheirTempNames_AllBecomeVisible()
    {
        using var folder = new TempFolder();
        ManifestEntry entry = await CommittedAsync(folder);
        foreach (ManifestFile file in entry.Files) { File.Move(folder.At(file.Path), folder.At(file.Temp)); }

        await using RunState state = Whole(folder).Open();

        Assert.All(entry.Files, file => Assert.True(PartFiles.Has(folder.At(file.Path), file)));
    }

    [Theory]
    [InlineData(TextFile.Role)]
    [InlineData(FileRole.Rows)]
    public async Task Open_OneOfSeveralTempFilesIsDamaged_IsRefusedAndNoneBecomesVisible(string role)
    {
        using var folder = new TempFolder();
        ManifestEntry entry = await CommittedAsync(folder);
        foreach (ManifestFile file in entry.Files) { File.Move(folder.At(file.Path), folder.At(file.Temp)); }
        await File.WriteAllTextAsync(folder.At(entry.FileOf(role)!.Temp), "half");

        OutputRefusedException refused = Assert.Throws<OutputRefusedException>(() => Whole(folder).Open());

        Assert.Contains(entry.FileOf(role)!.Temp, refused.Message, StringComparison.Ordinal);
        Assert.All(entry.Files, file => Assert.False(File.Exists(folder.At(file.Path))));
    }

    [Theory]
    [InlineData(TextFile.Role)]
    [InlineData(FileRole.Rows)]
    [InlineData(TextFile.Role, FileRole.Rows)]
    public async Task Run_FilesOfAPartWereMovedAway_ContinuesAndVerifyCountsThem(params string[] roles)
    {
        using var folder = new TempFolder();
        ManifestEntry entry = await CommittedAsync(folder);
        foreach (string role in roles) { File.Delete(folder.At(entry.FileOf(role)!.Path)); }

        LedgerWorld world = Whole(folder);
        await world.RunAsync(FaultDisk.Immortal());
        await world.RetryAsync(FaultDisk.Immortal());
        await world.SummariseAsync();

        // No name is used twice.
        Assert.Equal(roles.Length == 2, !File.Exists(folder.At(entry.FileOf(FileRole.Rows)!.Path))
            && !File.Exists(folder.At(entry.FileOf(TextFile.Role)!.Path)));
        VerifyReport shipped = await new RunVerifier(folder.Root, isShipped: true).VerifyAsync(CancellationToken.None);
        Assert.True(shipped.IsWhole, shipped.Line);
        Assert.Equal(roles.Length, shipped.Away);
        VerifyReport here = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);
        Assert.All(roles, role => Assert.Contains($"{entry.FileOf(role)!.Path} is missing", here.Problems));
        Assert.Equal(roles.Length, here.Problems.Count);
    }

    [Theory]
    [InlineData("missing", "is missing")]
    [InlineData("cut", "bytes instead of")]
    [InlineData("other bytes", "sha256")]
    [InlineData("stranger", "part-70000.txt is in the folder but not in the manifest")]
    [InlineData("role twice", "does not list one file of rows")]
    [InlineData("no rows", "does not list one file of rows")]
    public async Task VerifyAsync_OneThingIsWrongInTheSecondRole_SaysWhat(string what, string expected)
    {
        using var folder = new TempFolder();
        ManifestFile text = (await CommittedAsync(folder)).FileOf(TextFile.Role)!;
        string path = folder.At(text.Path);
        string manifest = folder.At("state/manifest.jsonl");
        string lines = await File.ReadAllTextAsync(manifest);
        switch (what)
        {
            case "missing": File.Delete(path); break;
            case "cut": await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^1]); break;
            case "other bytes": await File.WriteAllBytesAsync(path, [.. (await File.ReadAllBytesAsync(path))[..^1], (byte)'x']); break;
            case "stranger": File.Copy(path, folder.At($"{text.Path.Split('/')[0]}/part-70000.txt")); break;
            case "role twice": await File.WriteAllTextAsync(manifest, lines.Replace(",\"role\":\"text\"", "", StringComparison.Ordinal)); break;
            case "no rows": await File.WriteAllTextAsync(manifest, lines.Replace("\"}],", "\",\"role\":\"images\"}],", StringComparison.Ordinal)); break;
        }

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);

        Assert.Contains(report.Problems, problem => problem.Contains(expected, StringComparison.Ordinal));
        if (what is "missing" or "cut" or "other bytes") { Assert.StartsWith(text.Path, Assert.Single(report.Problems), StringComparison.Ordinal); }
    }

    private static LedgerWorld Small(TempFolder folder) =>
        new(folder.Root, files: 2, rowsPerFile: 30) { Tuning = new LedgerTuning(TimeSpan.FromHours(1), SegmentBytes: 250), MoreFiles = [TextFile.Kind] };

    /// <summary>A world whose manifest belongs to its first segment throughout.</summary>
    private static LedgerWorld Whole(TempFolder folder) =>
        new(folder.Root, files: 2, rowsPerFile: 30) { Tuning = new LedgerTuning(TimeSpan.FromHours(1)), MoreFiles = [TextFile.Kind] };

    private static async Task<ManifestEntry> CommittedAsync(TempFolder folder)
    {
        LedgerWorld world = Whole(folder);
        await world.RunAsync(FaultDisk.Immortal());
        await world.SummariseAsync();
        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, report.Line);
        return ManifestReader.Read(folder.At("state/manifest.jsonl")).First();
    }

    private static string[] Visible(TempFolder folder, string ending) =>
        [.. Directory.EnumerateFiles(folder.Root, $"part-*{ending}", SearchOption.AllDirectories).Select(path => path[..^ending.Length])];

    private static async Task AssertPairsAsync(TempFolder folder, string when)
    {
        Assert.True(Visible(folder, ".parquet").Order().SequenceEqual(Visible(folder, TextFile.Ending).Order()), when);
        foreach (string part in Visible(folder, ".parquet"))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part + ".parquet");
            IEnumerable<string> ids = (await reader.ReadLongsAsync("SAMPLE_ID")).Select(id => FormattableString.Invariant($"{id}"));
            Assert.True(ids.Append("end").SequenceEqual(await File.ReadAllLinesAsync(part + TextFile.Ending)), $"{when}: {part}");
        }

        Assert.Equal(Visible(folder, ".parquet").Length, File.Exists(folder.At("state/manifest.jsonl"))
            ? ManifestReader.Read(folder.At("state/manifest.jsonl")).Count()
            : 0);
    }
}
