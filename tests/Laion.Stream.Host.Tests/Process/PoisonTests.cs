using LaionStream.Host.Tests.Faults;
using static LaionStream.Host.Tests.Process.PoisonRun;

namespace LaionStream.Host.Tests.Process;

/// <summary>Real processes whose decoder really dies: the picture costs its own row and nothing else.</summary>
public sealed class PoisonTests
{
    private static readonly int[] One = [20];
    private static readonly int[] Three = [19, 31, 43];

    [Theory]
    [InlineData("suspects", 3)]
    [InlineData("always", 0)]
    public async Task Run_PicturesThatKillTheDecoder_EndsAfterRestartsWithEveryOtherRow(string isolation, int mostDeaths)
    {
        await using SmallRun run = await StartAsync(StuckHost.Die.ToArray(), Three);
        run.Settings["Laion:Imaging:Isolation"] = isolation;
        int deaths = await RestartUntilDoneAsync(run, 10);

        await AssertPoisonAsync(run, Three, "signal", "SIGSEGV");
        Assert.InRange(deaths, mostDeaths == 0 ? 0 : 1, mostDeaths);
    }

    [Fact]
    public async Task Run_IsolationOff_ThePictureEndsEveryRun()
    {
        await using SmallRun run = await StartAsync(StuckHost.Die.ToArray(), One);
        run.Settings["Laion:Imaging:Isolation"] = "off";
        for (int start = 0; start < 3; start++)
        {
            using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
            Assert.Equal(128 + 11, (await process.EndAsync()).Code);
        }
    }

    [Fact]
    public async Task Always_PictureBreaksTheDecoderInAnUnknownWay_IsPoisonAndTheProcessContinues()
    {
        await using SmallRun run = await StartAsync(StuckHost.Throw.ToArray(), Three);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(SmallRun.KeptPerFile - Three.Length, SmallRun.LinksPerFile);
        Assert.Equal(Three.Length, (await SummaryAsync(run)).Dropped["poison"]);
        Assert.False(File.Exists(PoisonFile(run)));
    }

    [Fact]
    public async Task Kill_RowsInTheDecoder_AreDecodedAgainInAnotherProcessAndKept()
    {
        await using SmallRun run = await StartAsync(StuckHost.Hang.ToArray(), Three);
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:01:00";
        using (HostProcess process = HostProcess.StartStuck("run", run.AllSettings()))
        {
            await process.UntilAsync(() => InSlots(run) == 2); // every worker
            await process.SignalAsync("KILL");
            await process.EndAsync();
        }

        // The very executable, to which these pictures are sound.
        using (HostProcess process = HostProcess.Start(["run", .. HostProcess.Keys(run.AllSettings())]))
        {
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 0, error);
            Assert.Contains("decoded in a process of its own", error, StringComparison.Ordinal);
        }

        await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
        Assert.False(File.Exists(PoisonFile(run)));
        Assert.Equal(0, InSlots(run));
    }

    [Fact]
    public async Task Run_TheSameBytesOnManyPages_KillOneProcessOnly()
    {
        int[] all = [.. Enumerable.Range(0, 60).Where(i => i % 6 != 0)];
        await using SmallRun run = await StartAsync(StuckHost.Die.ToArray(), all, same: true);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        run.Settings["Laion:Pipeline:Decode:Parallelism"] = "1";
        Assert.Equal(0, await RestartUntilDoneAsync(run, 0));
        await run.AssertWholeAsync(0, SmallRun.LinksPerFile);
        Assert.Equal(all.Length, (await SummaryAsync(run)).Dropped["poison"]);
        Assert.Single(await File.ReadAllLinesAsync(PoisonFile(run)));
    }

    private static int InSlots(SmallRun run)
    {
        string file = Path.Combine(run.Output, "state", "decode.slots");
        if (!File.Exists(file)) { return 0; }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] slots = new byte[stream.Length];
        stream.ReadExactly(slots);
        return Enumerable.Range(1, (slots.Length / 64) - 1).Count(slot => slots[slot * 64] == 1);
    }
}
