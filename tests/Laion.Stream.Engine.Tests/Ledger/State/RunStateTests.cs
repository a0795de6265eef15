using System.Diagnostics;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Ledger.State;

public sealed class RunStateTests : IDisposable
{
    private static readonly HashSet<DropReason> AllReasons = [];
    private static readonly HashSet<int> File0 = [0];
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_SecondOfTwo_IsRefusedWhileTheFirstLives()
    {
        RunState first = Open();
        OutputRefusedException refused = Assert.Throws<OutputRefusedException>(() => Open());
        await first.DisposeAsync();
        await using RunState second = Open();

        Assert.Contains("Another process", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Open_OtherProcessHoldsTheLock_IsRefusedUntilItDies()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "needs flock(1)");
        await Open().DisposeAsync();
        using var holder = Process.Start(new ProcessStartInfo("/usr/bin/flock",
            ["-o", "-x", _folder.At(Path.Combine("state", "lock")), "-c", "echo held; sleep 60"])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());

        Assert.Throws<OutputRefusedException>(() => Open());
        holder.Kill(entireProcessTree: true);
        await holder.WaitForExitAsync();

        await using RunState state = Open();
    }

    [Fact]
    public async Task Open_OtherFingerprint_IsRefusedWithEveryDifference()
    {
        await using (RunState first = Open()) { first.RecordInputs(); }
        var other = new RunFingerprint([new FingerprintEntry("a", "2", "1"), new FingerprintEntry("c", "3", "none")]);

        OutputRefusedException refused = Assert.Throws<OutputRefusedException>(
            () => RunState.Open(_folder.Root, other, ["x"], new LedgerTuning(TimeSpan.FromSeconds(5)), _clock, NullLoggerFactory.Instance));

        Assert.Contains("a: the output has 1, this run 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("b: the output has 1, this run none", refused.Message, StringComparison.Ordinal);
        Assert.Contains("c: the output has none, this run 3", refused.Message, StringComparison.Ordinal);
        await using RunState same = Open(); // the refusal has released the lock
    }

    [Theory]
    [InlineData("run.json", "")]
    [InlineData("run.json", "{garbage")]
    [InlineData("ledger-000001.log", "")]
    [InlineData("ledger-000001.log", "garbage that is no ledger")]
    [InlineData("hashes-000001-000001.run", "garbage")]
    public async Task Open_GarbageForAStateFile_IsRefusedByName(string name, string text)
    {
        await Open().DisposeAsync();
        await File.WriteAllTextAsync(_folder.At(Path.Combine("state", name)), text);

        OutputRefusedException refused = Assert.Throws<OutputRefusedException>(() => Open());

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_LeftoversOfOthers_AreLeftAlone()
    {
        Directory.CreateDirectory(_folder.At("en"));
        await File.WriteAllTextAsync(_folder.At(Path.Combine("en", "part-00004.parquet")), "");
        await File.WriteAllTextAsync(_folder.At(Path.Combine("en", "notes.tmp")), "mine");
        await File.WriteAllTextAsync(_folder.At(Path.Combine("en", ".part-00009.parquet.laion-tmp")), "half");

        await using RunState state = Open();

        Assert.True(File.Exists(_folder.At(Path.Combine("en", "part-00004.parquet"))));
        Assert.True(File.Exists(_folder.At(Path.Combine("en", "notes.tmp"))));
        Assert.False(File.Exists(_folder.At(Path.Combine("en", ".part-00009.parquet.laion-tmp"))));
        // what is visible is never overwritten
        Assert.Equal([0, 1, 2, 3, 5], Enumerable.Range(0, 5).Select(_ => state.TakePart("en", [PartName.Of(".parquet")])));
        Assert.Equal(6, state.TakePart("en", [PartName.Of(".txt")]));
    }

    [Fact]
    public async Task InputNumbers_InputsGrow_OldNumbersStay()
    {
        await using (RunState first = Open(inputs: ["b", "a"]))
        {
            first.RecordInputs();
            Assert.Equal([0, 1], first.InputNumbers);
        }

        await using RunState second = Open(inputs: ["c", "a", "d", "b"]);

        Assert.Equal([2, 1, 3, 0], second.InputNumbers);
        Assert.Equal(["b", "a", "c", "d"], second.KnownInputs);
    }

    [Fact]
    public async Task Open_SessionRefusedBeforeItsFirstRow_LeavesNoInputAndNoFingerprint()
    {
        var other = new RunFingerprint([new FingerprintEntry("a", "2", "none")]);
        await using (RunState refused = RunState.Open(_folder.Root, other, ["wrong"], new LedgerTuning(TimeSpan.FromSeconds(5)), _clock,
            NullLoggerFactory.Instance))
        {
            Assert.Equal([0], refused.InputNumbers);
        }

        await using (RunState first = Open(inputs: ["right"]))
        {
            Assert.Equal(["right"], first.KnownInputs);
            first.RecordInputs();
        }

        Assert.Throws<OutputRefusedException>(
            () => RunState.Open(_folder.Root, other, ["wrong"], new LedgerTuning(TimeSpan.FromSeconds(5)), _clock, NullLoggerFactory.Instance));
    }

    [Fact]
    public async Task Seal_EmptyFile_IsDoneAfterTheFlush()
    {
        await using (RunState state = Open())
        {
            state.Ledger.Seal(0, 0);
            Assert.False(state.IsDone(0));
            await state.FlushAsync();
            Assert.True(state.IsDone(0));
        }

        await using RunState again = Open();
        Assert.True(again.IsDone(0));
    }

    [Fact]
    public async Task Seal_RowWithoutAnOutcome_Throws()
    {
        await using RunState state = Open();
        state.Ledger.Reject(new RowKey(0, 0), new DropOutcome(DropReason.NoAlt));

        Assert.Throws<InvalidOperationException>(() => state.Ledger.Seal(0, 2));
    }

    [Fact]
    public async Task IsDone_RowsInTheGraph_WaitsForTheirOutcomesOnDisk()
    {
        await using RunState state = Open();
        state.Ledger.Admit(new RowKey(0, 0));
        state.Ledger.Seal(0, 1);
        await state.FlushAsync();
        Assert.False(state.IsDone(0));

        state.Ledger.Drop(new RowKey(0, 0), new DropOutcome(DropReason.Timeout));
        Assert.False(state.IsDone(0));
        await state.FlushAsync();
        Assert.True(state.IsDone(0));
    }

    [Fact]
    public async Task Stalled_RowsInTheGraphButNoOutcomes_NamesTheFile()
    {
        await using RunState state = Open();
        state.Ledger.Admit(new RowKey(0, 0));
        state.Ledger.Admit(new RowKey(1, 0));
        _clock.Advance(TimeSpan.FromMinutes(3));
        state.Ledger.Drop(new RowKey(1, 0), new DropOutcome(DropReason.Timeout));

        Assert.Equal([(0, 1L, TimeSpan.FromMinutes(3))], state.Ledger.Stalled(TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public async Task Drop_SecondOutcomeOrUnknownRow_Throws()
    {
        await using RunState state = Open();
        state.Ledger.Admit(new RowKey(0, 0));
        state.Ledger.Drop(new RowKey(0, 0), new DropOutcome(DropReason.Timeout));

        Assert.Throws<InvalidOperationException>(() => state.Ledger.Drop(new RowKey(0, 0), new DropOutcome(DropReason.Timeout)));
        Assert.Throws<InvalidOperationException>(() => state.Ledger.Drop(new RowKey(0, 1), new DropOutcome(DropReason.Timeout)));
        Assert.Throws<InvalidOperationException>(() => state.Ledger.Admit(new RowKey(0, 0)));
        Assert.Throws<ArgumentException>(() => state.Ledger.Drop(new RowKey(0, 0), default));
    }

    [Fact]
    public async Task Timer_FlushIntervalPasses_DropsAreDurableWithoutACommit()
    {
        await using (RunState state = Open())
        {
            state.Ledger.Admit(new RowKey(0, 0));
            state.Ledger.Drop(new RowKey(0, 0), new DropOutcome(DropReason.Timeout));
            long before = state.SegmentBytes;
            _clock.Advance(TimeSpan.FromSeconds(5));
            for (int i = 0; i < 2000 && state.SegmentBytes == before; i++) { await Task.Yield(); Thread.Sleep(1); }
        }

        await using RunState again = Open();
        Assert.True(again.Ledger.HasOutcome(new RowKey(0, 0)));
    }

    [Fact]
    public async Task TryClaim_FirstClaimer_OwnsItAndIsNotADuplicateOfItself()
    {
        await using RunState state = Open();
        var dedupe = new DedupeIndex(state, CandidateRuleSet.Default);

        Assert.True(dedupe.TryClaim(7, new RowKey(0, 1)));
        Assert.True(dedupe.TryClaim(7, new RowKey(0, 1)));
        Assert.False(dedupe.TryClaim(7, new RowKey(0, 2)));
        Assert.False(dedupe.TryClaim(7, new RowKey(1, 1)));
        Assert.True(dedupe.TryClaim(0, new RowKey(0, 3)));
        Assert.False(dedupe.TryClaim(0, new RowKey(0, 4)));
    }

    [Fact]
    public async Task TryClaim_AfterACrash_OnlyDurableOutcomesHoldClaims()
    {
        await using (RunState state = Open())
        {
            foreach (int ordinal in Enumerable.Range(0, 4))
            {
                Assert.True(state.TryClaim(100 + ordinal, new RowKey(0, ordinal)));
                state.Ledger.Admit(new RowKey(0, ordinal));
            }

            state.Ledger.Reject(new RowKey(0, 4), new DropOutcome(DropReason.Duplicate));
            state.Ledger.Drop(new RowKey(0, 0), new DropOutcome(DropReason.Timeout));
            await CommitAsync(state, "en", new RowKey(0, 1));
            state.Ledger.Drop(new RowKey(0, 2), new DropOutcome(DropReason.Timeout)); // never flushed
        }

        await using RunState again = Open();
        Assert.False(again.TryClaim(100, new RowKey(1, 0)));
        Assert.False(again.TryClaim(101, new RowKey(1, 1)));
        Assert.True(again.TryClaim(102, new RowKey(1, 2)));
        Assert.True(again.TryClaim(103, new RowKey(1, 3)));
        Assert.True(again.TryClaim(100, new RowKey(0, 0)));
        Assert.True(again.TryClaim(101, new RowKey(0, 1)));
        Assert.False(again.TryClaim(100, new RowKey(0, 4))); // a duplicate outcome owns nothing
    }

    [Fact]
    public async Task TryClaim_ManyThreads_EveryHashHasOneOwner()
    {
        await using RunState state = Open();
        var dedupe = new DedupeIndex(state, CandidateRuleSet.Default);
        int[] owned = new int[4];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(file => Task.Run(() =>
        {
            var random = new Random(file);
            for (int ordinal = 0; ordinal < 50_000; ordinal++)
            {
                if (dedupe.TryClaim(random.Next(60_000), new RowKey(file, ordinal))) { owned[file]++; }
            }
        })));

        Assert.Equal(dedupe.Count, owned.Sum());
        Assert.All(owned, count => Assert.True(count > 0));
    }

    [Fact]
    public async Task CommitAsync_TwoSetsOutOfOrder_EachRowIsKeptWhereItWasCommitted()
    {
        await using (RunState state = Open())
        {
            for (int ordinal = 0; ordinal < 6; ordinal++) { state.Ledger.Admit(new RowKey(0, ordinal)); }
            state.Ledger.Seal(0, 6);
            await CommitAsync(state, "nolang", new RowKey(0, 5), new RowKey(0, 0));
            await CommitAsync(state, "en", new RowKey(0, 4), new RowKey(0, 1), new RowKey(0, 2));
            Assert.False(state.IsDone(0));
            await CommitAsync(state, "nolang", new RowKey(0, 3));
            Assert.True(state.IsDone(0));
            Assert.Equal(6, state.Snapshot().Links);
        }

        await using RunState again = Open();
        Accounting accounting = again.Snapshot();
        Assert.Equal((3L, 3L), (accounting.Kept["en"], accounting.Kept["nolang"]));
        Assert.Equal(2, again.TakePart("nolang", [PartName.Of(".parquet")]));
        Assert.True(again.IsDone(0));
    }

    [Fact]
    public async Task FlushAsync_AfterAFailure_NothingMoreIsWritten()
    {
        RunState state = RunState.Open(_folder.Root, Fingerprint, ["x"], new LedgerTuning(TimeSpan.FromHours(1)), _clock, NullLoggerFactory.Instance,
            new FaultDisk(20, FaultMode.Torn));
        await using (state)
        {
            Exception? first = null;
            for (int ordinal = 0; first is null; ordinal++)
            {
                state.Ledger.Reject(new RowKey(0, ordinal), new DropOutcome(DropReason.NoAlt));
                first = await Record.ExceptionAsync(async () => await state.FlushAsync());
            }

            IOException second = await Assert.ThrowsAsync<IOException>(async () => await state.FlushAsync());
            Assert.Same(first, second.InnerException);
        }
    }

    [Fact]
    public async Task AskAgainAsync_FinishedFile_NewOutcomesReplaceOldOnesAndCountsAddUp()
    {
        await using (RunState state = Open())
        {
            await FinishFileAsync(state);
            Assert.Empty((await state.PlanRetryAsync(AllReasons, TimeSpan.FromDays(1))).FileNumbers);
            Assert.Empty((await state.PlanRetryAsync(new HashSet<DropReason> { DropReason.HostDown }, TimeSpan.Zero)).FileNumbers);
            Assert.Equal([0], (await state.PlanRetryAsync(new HashSet<DropReason> { DropReason.Timeout }, TimeSpan.Zero)).Find(File0)[0].Rows);

            RetryPlan plan = await state.PlanRetryAsync(AllReasons, TimeSpan.Zero);
            Assert.Equal([0, 2], plan.Find(File0)[0].Rows);
            await state.AskAgainAsync(plan, File0);
            Assert.False(state.IsDone(0));
            Assert.Equal([false, true, false, true, true], Enumerable.Range(0, 5).Select(ordinal => state.Ledger.HasOutcome(new RowKey(0, ordinal))));
            Assert.Equal(5, state.Snapshot().Links);

            Assert.True(state.TryClaim(100, new RowKey(0, 0))); // never a duplicate of itself
            state.Ledger.Admit(new RowKey(0, 0));
            Assert.Equal(5, state.Snapshot().Links);
        }

        // The process died with the row in the graph: the old outcomes are valid.
        await using (RunState state = Open())
        {
            Assert.False(state.IsDone(0));
            Assert.All(Enumerable.Range(0, 5), ordinal => Assert.True(state.Ledger.HasOutcome(new RowKey(0, ordinal))));
            Assert.Equal(1, state.Snapshot().Dropped[DropReason.Timeout]);

            await state.AskAgainAsync(await state.PlanRetryAsync(AllReasons, TimeSpan.Zero), File0);
            foreach (int ordinal in new[] { 0, 2 })
            {
                Assert.True(state.TryClaim(100 + ordinal, new RowKey(0, ordinal)));
                state.Ledger.Admit(new RowKey(0, ordinal));
            }

            state.Ledger.Drop(new RowKey(0, 0), new DropOutcome(DropReason.HttpStatus, 404));
            state.Ledger.Seal(0, 5);
            await CommitAsync(state, "en", new RowKey(0, 2));
            Assert.True(state.IsDone(0));
        }

        await using RunState last = Open();
        Accounting accounting = last.Snapshot();
        Assert.Equal((5L, 2L, 1), (accounting.Links, accounting.Kept["en"], accounting.FilesDone));
        Assert.Equal(2, accounting.Dropped[DropReason.HttpStatus]);
        Assert.False(accounting.Dropped.ContainsKey(DropReason.Timeout));
        Assert.Empty((await last.PlanRetryAsync(AllReasons, TimeSpan.Zero)).FileNumbers);
    }

    /// <summary>
    /// The state that 613fb31 left when it died just after it had reopened file 0: kept rows under the numbers that sets had in that session.
    /// </summary>
    [Fact]
    public async Task Open_SnapshotWithSetsByNumber_SetsAreThoseOfTheManifest()
    {
        await using (RunState state = Open(inputs: ["x", "y"]))
        {
            foreach (int file in new[] { 0, 1 })
            {
                for (int ordinal = 0; ordinal < 3; ordinal++) { state.Ledger.Admit(new RowKey(file, ordinal)); }
                state.Ledger.Seal(file, 3);
            }

            await CommitAsync(state, "nolang", new RowKey(0, 0), new RowKey(1, 0));
            await CommitAsync(state, "en", new RowKey(0, 1), new RowKey(0, 2), new RowKey(1, 1), new RowKey(1, 2));
        }

        var record = new RecordBuffer();
        record.Begin(3);
        foreach (int number in new[] { 0, 1_700_000_000, 48 | 0x8000, 0, 1, 0, 0, 49 | 0x8000, 0, 1, 1, 1, 0 }) { record.Number(number); }
        record.End();
        await File.AppendAllBytesAsync(_folder.At("state/ledger-000001.log"), record.Bytes.ToArray());
        await File.AppendAllTextAsync(_folder.At("state/done.jsonl"),
            """{"shard":0,"done":false,"links":3,"candidates":3,"dropped":{},"kept":{"en":2,"nolang":1}}""" + "\n");

        await using RunState again = Open(inputs: ["x", "y"]);
        Assert.False(again.IsDone(0));
        Assert.Equal([0], again.ReopenedFiles);
        Assert.Equal((4L, 2L), (again.Snapshot().Kept["en"], again.Snapshot().Kept["nolang"]));
    }

    [SkippableFact]
    public async Task Run_DiskFull_EndsWithTheCauseAndResumesWithSpace()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a tmpfs takes root");
        string mount = _folder.At("small");
        Directory.CreateDirectory(mount);
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", "size=160k", "none", mount) == 0, "tmpfs cannot be mounted here");
        try
        {
            string filler = Path.Combine(mount, "filler");
            foreach (int free in new[] { 4, 8, 16, 24, 32, 48, 64 })
            {
                string output = Path.Combine(mount, $"out{free}");
                long room = new DriveInfo(mount).AvailableFreeSpace - (free * 1024);
                await File.WriteAllBytesAsync(filler, new byte[room]);
                var world = new LedgerWorld(output, files: 2, rowsPerFile: 40);
                Exception? full = await Record.ExceptionAsync(() => world.RunAsync());
                Assert.True(full is IOException or OutputRefusedException or null, full?.ToString());
                if (free <= 16) { Assert.Contains("space", (full ?? new IOException("no failure")).ToString(), StringComparison.OrdinalIgnoreCase); }

                File.Delete(filler);
                await world.RunAsync();
                Assert.Equal(world.Expected().OrderBy(pair => pair.Key.SampleId), (await world.ReadPartsAsync()).OrderBy(pair => pair.Key.SampleId));
                Directory.Delete(output, recursive: true);
            }
        }
        finally
        {
            Assert.Equal(0, Run("umount", "-l", mount)); // parts that were not abandoned are still open
        }
    }

    [SkippableFact]
    public void Open_ReadOnlyOutput_IsRefusedClearly()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting takes root");
        string mount = _folder.At("ro");
        Directory.CreateDirectory(mount);
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", "ro", "none", mount) == 0, "tmpfs cannot be mounted here");
        try
        {
            OutputRefusedException refused = Assert.Throws<OutputRefusedException>(() => new LedgerWorld(Path.Combine(mount, "out")).Open());
            Assert.Contains("cannot be made", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            Assert.Equal(0, Run("umount", mount));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Ledger_RandomUse_AgreesWithANaiveModel(int seed)
    {
        var random = new Random(seed);
        var durable = new Dictionary<RowKey, string>();
        var pending = new Dictionary<RowKey, string>();
        var flying = new List<RowKey>();
        int next = 0;
        RunState state = Open(segmentBytes: 400);
        for (int step = 0; step < 1500; step++)
        {
            switch (random.Next(12))
            {
                case < 4:
                    var fresh = new RowKey(random.Next(3), next++ / 3 * 2);
                    if (state.Ledger.HasOutcome(fresh) || flying.Contains(fresh)) { break; }
                    Assert.True(state.TryClaim(fresh.SampleId, fresh));
                    state.Ledger.Admit(fresh);
                    flying.Add(fresh);
                    break;
                case < 6:
                    var rejected = new RowKey(random.Next(3), (next++ / 3 * 2) + 1);
                    if (state.Ledger.HasOutcome(rejected)) { break; }
                    state.Ledger.Reject(rejected, new DropOutcome(DropReason.NoAlt));
                    pending[rejected] = "no_alt";
                    break;
                case < 9 when flying.Count > 0:
                    RowKey dropped = Take(flying, random);
                    state.Ledger.Drop(dropped, new DropOutcome(DropReason.HttpStatus, 500 + (step % 50)));
                    pending[dropped] = "http_status";
                    break;
                case 9 when flying.Count > 3:
                    RowKey[] rows = [Take(flying, random), Take(flying, random), Take(flying, random)];
                    await CommitAsync(state, "en", rows);
                    Promote();
                    foreach (RowKey row in rows) { durable[row] = "kept"; }
                    break;
                case 10:
                    await state.FlushAsync();
                    Promote();
                    break;
                case 11 when step % 7 == 0:
                    await state.DisposeAsync(); // as a crash: nothing is flushed
                    pending.Clear();
                    flying.Clear();
                    state = Open(segmentBytes: 400);
                    AssertAgrees();
                    break;
            }

            if (step % 100 == 0) { AssertAgrees(); }
        }

        await state.DisposeAsync();

        void Promote()
        {
            foreach ((RowKey key, string outcome) in pending) { durable[key] = outcome; }
            pending.Clear();
        }

        void AssertAgrees()
        {
            Dictionary<RowKey, string> all = durable.Concat(pending).ToDictionary();
            Accounting accounting = state.Snapshot();
            Assert.Equal(all.Count, accounting.Links);
            Assert.Equal(flying.Count, accounting.InFlight);
            Assert.Equal(all.Values.Count(outcome => outcome == "kept"), accounting.Kept.GetValueOrDefault("en"));
            Assert.Equal(all.Values.Count(outcome => outcome == "no_alt"), accounting.Dropped.GetValueOrDefault(DropReason.NoAlt));
            Assert.Equal(all.Values.Count(outcome => outcome == "http_status"), accounting.Dropped.GetValueOrDefault(DropReason.HttpStatus));
            foreach (RowKey key in Enumerable.Range(0, next).SelectMany(i => Enumerable.Range(0, 3).Select(file => new RowKey(file, i))))
            {
                Assert.Equal(all.ContainsKey(key), state.Ledger.HasOutcome(key));
            }

            foreach ((RowKey key, string outcome) in durable.Where(pair => pair.Value != "no_alt").Take(50))
            {
                Assert.False(state.TryClaim(key.SampleId, new RowKey(9, key.Ordinal + 1_000_000)), $"{key} {outcome}");
            }
        }
    }

    private static readonly RunFingerprint Fingerprint = new([new FingerprintEntry("a", "1", "none"), new FingerprintEntry("b", "1", "none")]);

    private RunState Open(IReadOnlyList<string>? inputs = null, long segmentBytes = 64 << 20) =>
        RunState.Open(_folder.Root, Fingerprint, inputs ?? ["x"], new LedgerTuning(TimeSpan.FromSeconds(5), segmentBytes), _clock, NullLoggerFactory.Instance);

    private async Task FinishFileAsync(RunState state)
    {
        for (int ordinal = 0; ordinal < 4; ordinal++)
        {
            Assert.True(state.TryClaim(100 + ordinal, new RowKey(0, ordinal)));
            state.Ledger.Admit(new RowKey(0, ordinal));
        }

        state.Ledger.Reject(new RowKey(0, 4), new DropOutcome(DropReason.NoAlt));
        state.Ledger.Drop(new RowKey(0, 0), new DropOutcome(DropReason.Timeout));
        state.Ledger.Drop(new RowKey(0, 1), new DropOutcome(DropReason.HttpStatus, 404));
        state.Ledger.Drop(new RowKey(0, 2), new DropOutcome(DropReason.HttpStatus, 503));
        state.Ledger.Seal(0, 5);
        await CommitAsync(state, "en", new RowKey(0, 3));
        Assert.True(state.IsDone(0));
        _clock.Advance(TimeSpan.FromMinutes(1));
    }

    private static async Task CommitAsync(RunState state, string set, params RowKey[] rows)
    {
        string path = PartName.Of(".parquet").PathOf(set, state.TakePart(set, [PartName.Of(".parquet")]));
        using (Stream file = state.CreateTemp(path)) { state.FlushTemp(file); }
        await state.CommitAsync(set, [new PendingFile(FileRole.Rows, path, 0, "")], rows);
    }

    private static RowKey Take(List<RowKey> rows, Random random)
    {
        int which = random.Next(rows.Count);
        RowKey row = rows[which];
        rows.RemoveAt(which);
        return row;
    }

    private static int Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
