using System.Diagnostics;
using System.Globalization;
using LaionStream.Host.Tests.Faults;
using static LaionStream.Host.Tests.Process.PoisonRun;

namespace LaionStream.Host.Tests.Process;

/// <summary>Decoding processes and their run, of which one is ended from outside.</summary>
public sealed class PoisonChildTests
{
    private static readonly int[] One = [20];

    [Fact]
    public async Task Run_ChildKilledFromOutside_IsTriedAgainAndTheRowIsKept()
    {
        await using SmallRun run = await StartAsync(StuckHost.Hang.ToArray(), One);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:00:05";
        run.Settings["Laion:Pipeline:Decode:Parallelism"] = "1";
        using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
        int[] killed = new int[2];
        for (int i = 0; i < killed.Length; i++)
        {
            int found = 0;
            await process.UntilAsync(() => (found = Stuck(process.Id) ?? 0) != 0 && !killed.Contains(found));
            killed[i] = found;
            using System.Diagnostics.Process kill = System.Diagnostics.Process.Start("kill", ["-9", killed[i].ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        (int code, _, string error) = await process.EndAsync();
        Assert.True(code == 0, error);
        await AssertPoisonAsync(run, One, "time", null); // the third was let hang, and that is its verdict
    }

    [Fact]
    public async Task Run_ParentIsKilled_ItsChildrenEndToo()
    {
        await using SmallRun run = await StartAsync(StuckHost.Rest.ToArray(), One);
        run.Settings["Laion:Imaging:Isolation"] = "always";
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:02:00";
        using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());
        await process.UntilAsync(() => Stuck(process.Id) is not null);
        int[] children = [.. ProcessTree.Children(process.Id)];
        await process.SignalAsync("KILL");
        await process.EndAsync();
        long start = Stopwatch.GetTimestamp();
        while (children.Any(child => Directory.Exists($"/proc/{child}")))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "a child has outlived its run");
            await Task.Delay(50);
        }
    }

    /// <summary>A child that holds a picture for longer than any sound one takes.</summary>
    private static int? Stuck(int parent)
    {
        int[] before = [.. ProcessTree.Children(parent)];
        if (before.Length == 0) { return null; }
        Thread.Sleep(1500);
        int[] after = [.. ProcessTree.Children(parent)];
        return before.Intersect(after).Cast<int?>().FirstOrDefault();
    }
}
