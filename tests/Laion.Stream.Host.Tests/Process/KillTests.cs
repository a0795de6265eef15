using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Host.Tests.Process;

/// <summary><c>kill -9</c> at random instants of real processes: the output ends as if nothing had happened.</summary>
public sealed class KillTests(ITestOutputHelper report)
{
    private const double Tolerance = 1e-5; // docs/spec.md, 9: batches differ, and with them the last bits of a score
    private const int KilledBySignal = 128 + 9;

    /// <summary>Columns that tell when a row was fetched and in which part it lies.</summary>
    private static readonly HashSet<string> OfTheRun = new(StringComparer.Ordinal) { "fetched_at", "shard", "key", "dropped_at" };

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

    /// <summary>A reader that globs the folder sees only complete files, and none that it saw is removed.</summary>
    private static async Task AssertVisibleIsWholeAsync(string output, HashSet<string> seen, int kill)
    {
        if (!Directory.Exists(output)) { return; }
        string[] visible = Directory.GetFiles(output, "*.parquet", SearchOption.AllDirectories);
        Assert.True(seen.IsSubsetOf(visible), $"after kill {kill} a part has vanished");
        foreach (string part in visible.Where(seen.Add))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            Assert.Equal(reader.Rows, (await reader.ReadLongsAsync("SAMPLE_ID")).Length);
            if (!Path.GetFileName(part).StartsWith("part-", StringComparison.Ordinal)) { continue; }

            string folder = Path.GetDirectoryName(part)!;
            string number = Path.GetFileNameWithoutExtension(part)["part-".Length..];
            string[] others = [$"images/{number}.tar", $"images/{number}.parquet", $"embeddings/img_emb/img_emb_{number}.npy",
                $"embeddings/text_emb/text_emb_{number}.npy"];
            Assert.All(others, other => Assert.True(File.Exists(Path.Combine(folder, other)), $"after kill {kill} a reader sees {part} without {other}"));
        }
    }

    private static async Task AssertSameAsync(KillWorld world)
    {
        foreach (string output in new[] { "undisturbed", "killed" })
        {
            VerifyReport verified = await new RunVerifier(world.Output(output)).VerifyAsync(default);
            Assert.True(verified.IsWhole, verified.Line);
            Assert.Equal((world.Links, KillWorld.Files), (verified.Links, verified.FilesDone));
        }

        RunSummary expected = await world.SummaryAsync("undisturbed");
        RunSummary found = await world.SummaryAsync("killed");
        Assert.Equal(expected.Dropped.Where(pair => pair.Value > 0), found.Dropped.Where(pair => pair.Value > 0));
        Assert.Equal((expected.Links, expected.Candidates, expected.Kept, expected.Complete, expected.Files),
            (found.Links, found.Candidates, found.Kept, found.Complete, found.Files));
        Assert.Equal(expected.Sets.OrderBy(set => set.Key, StringComparer.Ordinal), found.Sets.OrderBy(set => set.Key, StringComparer.Ordinal));
        Assert.Equal(["en", "multi", "nolang"], expected.Sets.Keys.Order(StringComparer.Ordinal));
        Assert.True(expected.Dropped.Count(pair => pair.Value > 0) >= 10, "the input should end for many reasons");

        Dictionary<long, IReadOnlyList<KeyValuePair<string, object?>>> undisturbed = await world.RowsAsync("undisturbed");
        Dictionary<long, IReadOnlyList<KeyValuePair<string, object?>>> killed = await world.RowsAsync("killed");
        Assert.Equal(undisturbed.Keys.Order(), killed.Keys.Order());
        foreach ((long id, IReadOnlyList<KeyValuePair<string, object?>> row) in undisturbed) { AssertSame(row, killed[id]); }

        Dictionary<(long, int), IReadOnlyList<KeyValuePair<string, object?>>> drops = await world.DroppedAsync("undisturbed");
        Dictionary<(long, int), IReadOnlyList<KeyValuePair<string, object?>>> others = await world.DroppedAsync("killed");
        Assert.True(drops.Count >= expected.Dropped.Values.Sum(), $"{drops.Count} dropped rows");
        Assert.Equal(drops.Keys.Order(), others.Keys.Order());
        foreach (((long, int) row, IReadOnlyList<KeyValuePair<string, object?>> cells) in drops) { AssertSame(cells, others[row]); }
    }

    private static void AssertSame(IReadOnlyList<KeyValuePair<string, object?>> expected, IReadOnlyList<KeyValuePair<string, object?>> found)
    {
        Assert.Equal(expected.Select(cell => cell.Key), found.Select(cell => cell.Key));
        foreach (((string name, object? value), (_, object? other)) in expected.Zip(found).Where(pair => !OfTheRun.Contains(pair.First.Key)))
        {
            if (value is double or float) { Assert.Equal(Convert.ToDouble(value), Convert.ToDouble(other), Tolerance); }
            else { Assert.True(Equals(value, other), $"{name}: {value} became {other}"); }
        }
    }

    private static async Task EndWellAsync(HostProcess process)
    {
        (int code, _, string error) = await process.EndAsync();
        Assert.True(code == 0, error);
    }

    private static int Parts(string output) => Directory.Exists(output) ? Directory.GetFiles(output, "part-*.parquet", SearchOption.AllDirectories).Length : 0;

    private static async Task UntilAsync(int wanted, Func<int> count, HostProcess process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (count() < wanted && !process.HasExited) { await Task.Delay(5, patience.Token); }
    }
}
