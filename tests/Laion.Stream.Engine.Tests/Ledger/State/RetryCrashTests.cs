using LaionStream.Engine.Ledger.State;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Ledger.State;

/// <summary>A <c>retry</c> that dies at any write, and the sessions after it.</summary>
public sealed class RetryCrashTests
{
    [Fact]
    public async Task Retry_Undisturbed_KeepsWhatTheModelKeeps()
    {
        using var folder = new TempFolder();
        LedgerWorld world = await FinishedAsync(folder);

        await world.RetryAsync(FaultDisk.Immortal());

        Assert.True(world.Admitted.Count > 5, $"{world.Admitted.Count} rows");
        await RunStateCrashTests.AssertSameAsync(world, "undisturbed", isRetried: true);
    }

    [Theory]
    [InlineData(nameof(FaultMode.Before), 250, false)]
    [InlineData(nameof(FaultMode.Torn), 250, false)]
    [InlineData(nameof(FaultMode.PowerLoss), 250, false)]
    [InlineData(nameof(FaultMode.Full), 250, false)]
    [InlineData(nameof(FaultMode.Before), 1 << 20, false)] // everything in the first segment, whose base has no set
    [InlineData(nameof(FaultMode.PowerLoss), 1 << 20, false)]
    [InlineData(nameof(FaultMode.Before), 250, true)]
    [InlineData(nameof(FaultMode.Before), 1 << 20, true)]
    public async Task Retry_DiesAtEveryStep_NextRetryEndsWithTheSameRows(string mode, int segment, bool runsBetween)
    {
        int steps = await FaultDisk.StepsOfAsync(async (folder, disk) => await (await FinishedAsync(folder, segment)).RetryAsync(disk));

        Assert.True(steps > 30, $"{steps} steps");
        for (int step = 1; step <= steps; step++)
        {
            using var folder = TempFolder.InMemory();
            LedgerWorld world = await FinishedAsync(folder, segment);
            await RunStateCrashTests.CrashAsync(world.RetryAsync, new FaultDisk(step, Enum.Parse<FaultMode>(mode)));

            // The next start may be a run, which may die as well: the current outcomes must not depend on what continues it, or how often.
            for (int death = 1; runsBetween
                && !await RunStateCrashTests.CrashAsync(world.RunAsync, new FaultDisk(death * (1 + (step % 3)), FaultMode.Torn)); death++)
            {
            }
            await world.RetryAsync(FaultDisk.Immortal());
            await RunStateCrashTests.AssertSameAsync(world, $"{mode} at step {step}", isRetried: true);
        }
    }

    private static async Task<LedgerWorld> FinishedAsync(TempFolder folder, int segment = 250)
    {
        var world = new LedgerWorld(folder.Root, files: 2, rowsPerFile: 50) { Tuning = new LedgerTuning(TimeSpan.FromHours(1), segment) };
        await world.RunAsync(FaultDisk.Immortal());
        return world;
    }
}
