using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.State;

/// <summary>Outputs that write dropped rows: whatever happens to a session, each drop has one row and its outcome, or neither.</summary>
public sealed class DroppedCrashTests
{
    private const int PartRows = 8;

    [Theory]
    [InlineData(nameof(FaultMode.Before))]
    [InlineData(nameof(FaultMode.Torn))]
    [InlineData(nameof(FaultMode.PowerLoss))]
    [InlineData(nameof(FaultMode.Full))]
    public async Task Run_DiesAtEveryStep_EachDropHasOneRow(string mode)
    {
        int steps = await FaultDisk.StepsOfAsync((folder, disk) => Small(folder).RunAsync(disk));

        Assert.True(steps > 100, $"{steps} steps");
        for (int step = 1; step <= steps; step++)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = Small(folder);
            await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            await world.RunAsync(FaultDisk.Immortal());
            await AssertSameAsync(world, $"{mode} at step {step}");
        }
    }

    [Theory]
    [InlineData(nameof(FaultMode.Before), 250, false)]
    [InlineData(nameof(FaultMode.Torn), 1 << 20, true)]
    [InlineData(nameof(FaultMode.PowerLoss), 250, true)]
    [InlineData(nameof(FaultMode.Full), 1 << 20, false)]
    public async Task Retry_DiesAtEveryStep_TheLastAttemptOfEachRowIsItsOutcome(string mode, int segment, bool runsBetween)
    {
        int steps = await FaultDisk.StepsOfAsync(async (folder, disk) =>
        {
            LedgerWorld world = Small(folder, segment);
            await world.RunAsync(FaultDisk.Immortal());
            await world.RetryAsync(disk);
            Assert.Contains(world.ExpectedDrops(isRetried: true).Values, drop => drop.Attempt == 2);
        });

        Assert.True(steps > 30, $"{steps} steps");
        for (int step = 1; step <= steps; step++)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = Small(folder, segment);
            await world.RunAsync(FaultDisk.Immortal());
            await RunStateCrashTests.CrashAsync(world.RetryAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            if (runsBetween) { await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(1 + (step % 7), FaultMode.Torn)); }
            await world.RetryAsync(FaultDisk.Immortal());
            await AssertSameAsync(world, $"{mode} at step {step}", isRetried: true);
        }
    }

    [Fact]
    public async Task Retry_RowsDroppedOverAndOver_EachAttemptHasItsNumber()
    {
        using var folder = new TempFolder();
        LedgerWorld world = Small(folder);
        await using (RunState state = world.Open(FaultDisk.Immortal())) { await DropAsync(world, state, again: false); }
        for (int attempt = 2; attempt <= 4; attempt++)
        {
            await using RunState state = world.Open(FaultDisk.Immortal());
            RetryPlan plan = await state.PlanRetryAsync(new HashSet<DropReason>(), TimeSpan.Zero);
            await state.AskAgainAsync(plan, plan.FileNumbers.ToHashSet());
            await DropAsync(world, state, again: true);
        }

        Assert.Equal([1, 2, 3, 4], (await world.ReadDroppedAsync()).Keys.Where(row => row.Key == new RowKey(0, 0)).Select(row => row.Attempt).Order());
        await world.SummariseAsync();
        Assert.Empty((await new RunVerifier(folder.Root).VerifyAsync(default)).Problems);
    }

    [Theory]
    [InlineData("ledger", "that the ledger does not have")]
    [InlineData("file", "is missing")]
    [InlineData("count", "does not list one file of rows")]
    [InlineData("more", "dropped rows, the ledger has")]
    [InlineData("other reasons", "of reason")]
    public async Task VerifyAsync_DroppedRowsAreWrong_SaysWhat(string what, string expected)
    {
        using var folder = new TempFolder();
        LedgerWorld world = Small(folder, 1 << 20);
        await world.RunAsync(FaultDisk.Immortal());
        await world.SummariseAsync();
        Assert.Empty((await new RunVerifier(folder.Root).VerifyAsync(default)).Problems);
        string manifest = folder.At("state/manifest.jsonl");
        ManifestEntry[] dropped = [.. ManifestReader.Read(manifest).Where(entry => entry.Dropped > 0)];
        string lines = await File.ReadAllTextAsync(manifest);
        switch (what)
        {
            case "ledger":
                ManifestEntry another = dropped[0] with { Commit = 900 };
                await File.AppendAllTextAsync(manifest, System.Text.Encoding.UTF8.GetString(another.ToLine()) + "\n");
                break;
            case "file": File.Delete(folder.At(dropped[0].Files[0].Path)); break;
            case "count": await File.WriteAllTextAsync(manifest, lines.Replace($",\"dropped\":{PartRows}", "", StringComparison.Ordinal)); break;
            case "more": await File.WriteAllTextAsync(manifest, lines.Replace($",\"dropped\":{PartRows}", $",\"dropped\":{PartRows + 1}", StringComparison.Ordinal)); break;
            case "other reasons":
                // two files change places, with their sizes and digests
                (ManifestFile first, ManifestFile last) = (dropped[0].Files[0], dropped[^1].Files[0]);
                string placed = string.Concat(ManifestReader.Read(manifest).Select(entry => entry.Commit == dropped[0].Commit ? entry with { Files = [last] }
                    : entry.Commit == dropped[^1].Commit ? entry with { Files = [first] } : entry)
                    .Select(entry => System.Text.Encoding.UTF8.GetString(entry.ToLine()) + "\n"));
                await File.WriteAllTextAsync(manifest, placed);
                break;
        }

        VerifyReport report = await new RunVerifier(folder.Root).VerifyAsync(default);

        Assert.Contains(report.Problems, problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_WithoutTheSwitch_IsRefused()
    {
        using var folder = new TempFolder();
        await using (RunState state = Small(folder).Open()) { state.RecordInputs(); }

        OutputRefusedException refused = Assert.Throws<OutputRefusedException>(() => new LedgerWorld(folder.Root, files: 2).Open());

        Assert.Contains("Writing:Drops: the output has True", refused.Message, StringComparison.Ordinal);
    }

    private static LedgerWorld Small(TempFolder folder, int segment = 250)
    {
        var world = new LedgerWorld(folder.Root, files: 2, rowsPerFile: 40) { Tuning = new LedgerTuning(TimeSpan.FromHours(1), segment), WritesDrops = true };
        world.Options.MaxRows = PartRows;
        return world;
    }

    /// <summary>Drops the first row of the first file, and in the first session holds nothing else.</summary>
    private static async Task DropAsync(LedgerWorld world, RunState state, bool again)
    {
        var dropped = new Engine.Output.DropWriter(state, world.Options, new Dictionary<string, string>(), null, [], world.Clock);
        var candidate = new Engine.Candidates.Candidate(new RowKey(0, 0), "http://example.org/", "a caption", "?", null, "file0", 1);
        if (!again) { Assert.True(state.TryClaim(1, candidate.Key)); }
        state.Ledger.Admit(candidate.Key);
        await dropped.WriteAsync(dropped.Of(candidate, new DropOutcome(DropReason.Timeout)), default);
        state.Ledger.Seal(0, 1);
        await dropped.CompleteAsync();
        await state.FlushAsync();
    }

    private static async Task AssertSameAsync(LedgerWorld world, string when, bool isRetried = false)
    {
        await RunStateCrashTests.AssertSameAsync(world, when, isRetried);
        IReadOnlyDictionary<RowKey, string> kept = await world.ReadPartsAsync();
        Dictionary<RowKey, (DropOutcome, int)> current = (await world.ReadDroppedAsync()).GroupBy(row => row.Key.Key)
            .Where(row => !kept.ContainsKey(row.Key))
            .ToDictionary(row => row.Key, row => row.MaxBy(attempt => attempt.Key.Attempt) is var last ? (last.Value, last.Key.Attempt) : default);
        IReadOnlyDictionary<RowKey, (DropOutcome, int)> expected = world.ExpectedDrops(isRetried);
        string[] wrong =
        [
            .. expected.Where(pair => !current.TryGetValue(pair.Key, out (DropOutcome, int) found) || found != pair.Value)
                .Select(pair => $"{pair.Key} {pair.Value} is {current.GetValueOrDefault(pair.Key)}"),
        ];
        Assert.True(wrong.Length == 0 && current.Count == expected.Count,
            $"{when}: {current.Count} current drops instead of {expected.Count}; {string.Join("; ", wrong.Take(5))}");
    }
}
