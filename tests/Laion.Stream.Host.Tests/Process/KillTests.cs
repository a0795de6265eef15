using LaionStream.TestWorld;
using Xunit.Abstractions;
using static LaionStream.Host.Tests.Process.KilledOutput;

namespace LaionStream.Host.Tests.Process;

/// <summary><c>kill -9</c> at random instants of real processes: the output ends as if nothing had happened.</summary>
public sealed class KillTests(ITestOutputHelper report)
{
    [Theory]
    [InlineData(10, 1)]
    public Task Kill_AtRandomInstants_TheOutputIsThatOfAnUndisturbedRun(int kills, int seed) => KillAsync(kills, seed, pagesPerFile: 10);

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData(200, 2)]
    public Task Kill_AtManyRandomInstants_TheOutputIsThatOfAnUndisturbedRun(int kills, int seed)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        return KillAsync(kills, seed, pagesPerFile: 80);
    }

    private async Task KillAsync(int kills, int seed, int pagesPerFile)
    {
        await using KillWorld world = await KillWorld.StartAsync(pagesPerFile);
        using (HostProcess process = HostProcess.Start(world.Arguments("undisturbed", 0))) { await EndWellAsync(process); }
        int needed = world.Requests;

        var random = new Random(seed);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int kill = 0; kill < kills; kill++)
        {
            using HostProcess process = HostProcess.Start(world.Arguments("killed", 5));

            // Two in five die while working, two around a commit, one at any time from its first instruction on, including start and roll-forward.
            int manner = kill % 5;
            if (manner < 2) { await UntilAsync(world.Requests + random.Next(1, 50), () => world.Requests, process); }
            else if (manner < 4) { await UntilAsync(Parts(world.Output("killed")) + 1, () => Parts(world.Output("killed")), process); }
            await Task.Delay(random.Next(0, manner < 2 ? 200 : manner < 4 ? 50 : 1500)); // the instant is random; this does not wait for anything
            await process.SignalAsync("KILL");
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == KilledBySignal, $"kill {kill}: the run ended before it with {code}; give it more input. {error}");
            await AssertVisibleIsWholeAsync(world.Output("killed"), seen, kill);
        }

        int committed = seen.Count;
        using (HostProcess process = HostProcess.Start(world.Arguments("killed", 0))) { await EndWellAsync(process); }
        int repeated = world.Requests - (2 * needed);
        await AssertSameAsync(world);
        report.WriteLine($"{kills} kills over {world.Links} links in {KillWorld.Files} files; {committed} parts committed by killed processes; {needed} requests undisturbed, {repeated} repeated");
        Assert.True(committed >= 2 * (kills / 5), $"only {committed} parts were committed between the kills: they did not interrupt much");
    }

    private static int Parts(string output) => Directory.Exists(output) ? Directory.GetFiles(output, "part-*.parquet", SearchOption.AllDirectories).Length : 0;
}
