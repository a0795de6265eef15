using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.State;

public sealed class RunStateCrashTests
{
    [Fact]
    public async Task Run_Undisturbed_KeepsWhatTheModelKeeps()
    {
        using var folder = new TempFolder();
        var world = new LedgerWorld(folder.Root);

        await world.RunAsync();

        Assert.Equal(world.Expected().OrderBy(pair => pair.Key.SampleId), (await world.ReadPartsAsync()).OrderBy(pair => pair.Key.SampleId));
        await AssertWholeAsync(world, "undisturbed");
    }

    [Theory]
    [InlineData(nameof(FaultMode.Before))]
    [InlineData(nameof(FaultMode.Torn))]
    [InlineData(nameof(FaultMode.PowerLoss))]
    [InlineData(nameof(FaultMode.Full))]
    public async Task Run_DiesAtEveryStep_NextRunEndsWithTheSameRows(string mode)
    {
        int steps = await FaultDisk.StepsOfAsync((folder, disk) => Small(folder).RunAsync(disk));

        Assert.True(steps > 50, $"{steps} steps");
        for (int step = 1; step <= steps; step++)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = Small(folder);
            await CrashAsync(world.RunAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));
            await world.RunAsync(FaultDisk.Immortal());
            await AssertSameAsync(world, $"{mode} at step {step}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Run_DiesManyTimes_LastRunEndsWithTheSameRows(int seed)
    {
        var random = new Random(seed);
        int deaths = 0;
        for (int round = 0; round < 3; round++)
        {
            using var folder = TempFolder.InMemory();
            var world = new LedgerWorld(folder.Root, files: 2, rowsPerFile: 40, seed: seed + (round * 10));
            int crashes = 0;
            for (bool done = false; !done; crashes++)
            {
                done = await CrashAsync(world.RunAsync, new FaultDisk(random.Next(1, 40), (FaultMode)random.Next(3)));
                Assert.True(crashes < 200, "no progress");
            }

            await AssertSameAsync(world, $"seed {seed} round {round} after {crashes} crashes");
            deaths += crashes - 1;
        }

        Assert.True(deaths >= 10, $"only {deaths} deaths");
    }

    [Fact]
    public async Task Run_Again_NothingEntersTheGraph()
    {
        using var folder = new TempFolder();
        var world = new LedgerWorld(folder.Root);
        await world.RunAsync();
        await world.RunAsync();

        Assert.Empty(world.Admitted);
        await AssertSameAsync(world, "second run");
    }

    [Fact]
    public async Task Open_LedgerCutAtEveryByte_NextRunEndsWithTheSameRows()
    {
        using var source = new TempFolder();
        var whole = new LedgerWorld(source.Root, files: 1, rowsPerFile: 40) { Tuning = new LedgerTuning(TimeSpan.FromHours(1)) };
        await using (RunState state = whole.Open())
        {
            // A session that ends without committing anything: the ledger alone decides.
            for (int ordinal = 0; ordinal < 20; ordinal++)
            {
                var key = new RowKey(0, ordinal);
                if (ordinal % 4 == 0)
                {
                    state.Ledger.Reject(key, new DropOutcome(DropReason.NoAlt));
                }
                else
                {
                    Assert.True(state.TryClaim(ordinal + 1, key));
                    state.Ledger.Admit(key);
                    state.Ledger.Drop(key, new DropOutcome(DropReason.HttpStatus, 400 + ordinal));
                }

                if (ordinal % 5 == 4) { await state.FlushAsync(); }
            }
        }

        string name = Path.Combine("state", "ledger-000001.log");
        byte[] bytes = File.ReadAllBytes(source.At(name));
        int previous = 0;
        for (int length = 0; length <= bytes.Length; length++)
        {
            using var folder = TempFolder.InMemory();
            Directory.CreateDirectory(folder.At("state"));
            foreach (string file in Directory.EnumerateFiles(source.At("state"))) { File.Copy(file, Path.Combine(folder.At("state"), Path.GetFileName(file))); }
            File.WriteAllBytes(folder.At(name), bytes[..length]);
            var world = new LedgerWorld(folder.Root, files: 1, rowsPerFile: 40) { Tuning = whole.Tuning };
            RunState state;
            try
            {
                state = world.Open(FaultDisk.Immortal());
            }
            catch (OutputRefusedException)
            {
                Assert.Equal(0, previous); // only when the segment's own base is missing
                continue;
            }

            await using (state)
            {
                int settled = Enumerable.Range(0, 20).Count(ordinal => state.Ledger.HasOutcome(new RowKey(0, ordinal)));
                Assert.True(settled >= previous && settled % 5 == 0, $"{settled} rows at byte {length}");
                for (int ordinal = 0; ordinal < 20; ordinal++)
                {
                    // A row without a durable outcome has lost its hash; one with an outcome keeps it against others, not against itself.
                    bool owned = state.Ledger.HasOutcome(new RowKey(0, ordinal)) && ordinal % 4 != 0;
                    Assert.Equal(!owned, state.TryClaim(ordinal + 1, new RowKey(0, 100 + ordinal)));
                    if (owned) { Assert.True(state.TryClaim(ordinal + 1, new RowKey(0, ordinal))); }
                }

                previous = settled;
            }
        }

        Assert.Equal(20, previous);
    }

    private static LedgerWorld Small(TempFolder folder) =>
        new(folder.Root, files: 2, rowsPerFile: 30) { Tuning = new LedgerTuning(TimeSpan.FromHours(1), SegmentBytes: 250) };

    /// <returns>Whether it reached its end: a death while a hash run is written in the background does not stop it.</returns>
    internal static async Task<bool> CrashAsync(Func<IDisk, Task> run, FaultDisk disk)
    {
        try
        {
            await run(disk);
            return true;
        }
        catch (IOException)
        {
            return false; // the process died, or its death made a later step fail
        }
    }

    internal static async Task AssertSameAsync(LedgerWorld world, string when, bool isRetried = false)
    {
        IReadOnlyDictionary<RowKey, string> found = await world.ReadPartsAsync();
        IReadOnlyDictionary<RowKey, string> expected = world.Expected(isRetried);
        Assert.True(expected.Count == found.Count && expected.All(pair => found.GetValueOrDefault(pair.Key) == pair.Value),
            $"{when}: {found.Count} rows instead of {expected.Count}; missing {string.Join(' ', expected.Keys.Except(found.Keys).Take(5))}, extra {string.Join(' ', found.Keys.Except(expected.Keys).Take(5))}");
        await AssertWholeAsync(world, when, isRetried);
    }

    private static async Task AssertWholeAsync(LedgerWorld world, string when, bool isRetried = false)
    {
        await using (RunState state = world.Open(FaultDisk.Immortal()))
        {
            Accounting accounting = state.Snapshot();
            Assert.Equal(world.AllRows().Count(), accounting.Links);
            Assert.Equal(Lines(world.Expected(isRetried).Values.CountBy(set => set)), Lines(accounting.Kept));
            Assert.Equal((world.Inputs.Count, world.Inputs.Count), (accounting.FilesKnown, accounting.FilesDone));
            Assert.Equal(0, accounting.InFlight);
        }

        await world.SummariseAsync();
        VerifyReport report = await new RunVerifier(world.Folder).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, $"{when}: {report.Line}");
    }

    private static string Lines<T>(IEnumerable<KeyValuePair<string, T>> counts) =>
        string.Join(' ', counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
}
