using static LaionStream.Host.Tests.Process.KilledOutput;

namespace LaionStream.Host.Tests.Process;

/// <summary><c>kill -9</c> at random instants of retries: the output ends as if nothing had happened.</summary>
public sealed class KillRetryTests
{
    [Fact]
    public async Task Kill_DuringRetries_TheOutputIsThatOfAnUndisturbedRetry()
    {
        await using KillWorld world = await KillWorld.StartAsync(pagesPerFile: 6);
        foreach (string output in new[] { "undisturbed", "killed" })
        {
            using HostProcess process = HostProcess.Start(world.ArgumentsWithoutWeb(output));
            await EndWellAsync(process);
        }

        Assert.Equal(0, world.Requests);
        using (HostProcess process = HostProcess.Start(world.RetryArguments("undisturbed", 0))) { await EndWellAsync(process); }
        int needed = world.Requests;
        Assert.True(needed > 200, $"only {needed} requests were made again");

        var random = new Random(3);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int kill = 0; kill < 6; kill++)
        {
            using HostProcess process = HostProcess.Start(world.RetryArguments("killed", 3));
            await UntilAsync(world.Requests + random.Next(1, 30), () => world.Requests, process);
            await Task.Delay(random.Next(0, 200)); // the instant is random; this does not wait for anything
            await process.SignalAsync("KILL");
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == KilledBySignal, $"kill {kill}: the retry ended before it with {code}; give it more input. {error}");
            await AssertVisibleIsWholeAsync(world.Output("killed"), seen, kill);
        }

        using (HostProcess process = HostProcess.Start(world.RetryArguments("killed", 0))) { await EndWellAsync(process); }
        await AssertSameAsync(world);
    }
}
