using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Host.Tests.Process;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Everything that a stranger can put behind a link, at once, against the executable: it ends by itself, and loses no good row.</summary>
public sealed class HostileRunTests(ITestOutputHelper report)
{
    /// <summary>
    /// Maximum memory of a run without models, as appsettings.json gives it for all formats, the default budget and pictures of 89 megapixels.
    /// </summary>
    private const long MostBytes = 2_200_000_000;

    private static readonly HostileGroup[] Groups = Enum.GetValues<HostileGroup>();

    [Fact]
    public void All_FaultKinds_AreManyAndDistinct()
    {
        Assert.True(EvilKinds.All.Count >= 200, $"{EvilKinds.All.Count} kinds");
        Assert.Equal(EvilKinds.All.Count, EvilKinds.All.Select(kind => kind.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(EvilKinds.All, kind => Assert.Matches("^[a-z0-9.-]+$", kind.Name));
    }

    [Fact]
    public Task Run_SomeOfEveryFaultAmongGoodRows_KeepsTheGoodOnesAndEnds() =>
        AttackAsync(good: 500, pictures: 300, evilEach: 1, starving: 10, timeout: TimeSpan.FromSeconds(10), seed: 12);

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [InlineData(1)]
    public async Task Run_FiveThousandHostilePicturesAndAllFaultsAmongTenThousand_KeepsTheGoodOnesAndEnds(int seed)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        await AttackAsync(good: 10_000, pictures: 5_000, evilEach: 2, starving: 200, timeout: TimeSpan.FromSeconds(20), seed);
    }

    private async Task AttackAsync(int good, int pictures, int evilEach, int starving, TimeSpan timeout, int seed)
    {
        await using HostileWorld world = await HostileWorld.StartAsync(good, pictures, evilEach, starving, seed);
        Dictionary<HostileRow, string> all = await RunAsync(world, "all", world.Rows(seed, Groups), decoders: 2, timeout);
        AssertEnds(all);
        foreach (int decoders in (int[])[1, 14])
        {
            HostileRow[] rows = world.Rows(seed + decoders, HostileGroup.Picture);
            Dictionary<HostileRow, string> again = await RunAsync(world, $"decoders-{decoders}", rows, decoders, timeout);
            HostileRow[] other = [.. rows.Where(row => all[row] != again[row])];
            IEnumerable<string> named = other.Take(40).Select(row => $"{row.Name}: {all[row]} with 2 decoders, {again[row]} with {decoders}");
            Assert.True(other.Length == 0, $"{other.Length} verdicts depend on neighbours:\n{string.Join('\n', named)}");
        }
    }

    private async Task<Dictionary<HostileRow, string>> RunAsync(HostileWorld world, string output, HostileRow[] rows, int decoders, TimeSpan timeout)
    {
        long start = TimeProvider.System.GetTimestamp();
        using HostProcess process = HostProcess.Start(world.Arguments(output, rows, decoders, timeout));
        (int code, string said, string error) = await process.EndAsync(TimeSpan.FromMinutes(20));
        Assert.True(code == 0, $"{output}: exit {code}\n{said[Math.Max(0, said.Length - 4000)..]}\n{error}");

        VerifyReport verified = await new RunVerifier(world.Output(output)).VerifyAsync(default);
        Assert.True(verified.IsWhole, verified.Line);
        RunSummary summary = RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(world.Output(output), "summary.json")));
        Assert.Equal((rows.Length, true), (summary.Links, summary.Complete));
        Assert.Equal(summary.Links, summary.Kept + summary.Dropped.Values.Sum());

        IEnumerable<string> reasons = summary.Dropped.Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Value)
            .Select(pair => $"{pair.Key} {pair.Value}");
        report.WriteLine($"{output}: {rows.Length} links, {decoders} decoders, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F1} s, "
            + $"peak {process.PeakBytes >> 20} MiB, kept {summary.Kept}, {string.Join(", ", reasons)}");
        Assert.InRange(process.PeakBytes, 1, MostBytes);
        return await world.EndsAsync(output, rows);
    }

    private void AssertEnds(Dictionary<HostileRow, string> ends)
    {
        var wrong = new List<string>();
        foreach ((HostileRow row, string end) in ends.OrderBy(pair => pair.Key.Url, StringComparer.Ordinal))
        {
            string reason = end.Split(' ')[0];
            if (row.Group == HostileGroup.Evil) { report.WriteLine($"{row.Name}: {reason}"); }
            if (row.Ends.Length > 0 && !row.Ends.Split('|').Contains(reason)) { wrong.Add($"{row.Name}: {end}, not {row.Ends}"); }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {ends.Count} rows ended otherwise:\n{string.Join('\n', wrong.Take(100))}");
    }
}
