using System.Diagnostics;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Runs every fuzz target: some rounds in the default suite, minutes or hours of fresh seeds under LAION_SOAK.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(1); // a round takes milliseconds

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Round_FirstSeeds_KeepsItsPromises(string name)
    {
        FuzzTarget target = FuzzTargets.All.Single(t => t.Name == name);
        for (int seed = 0; seed < target.ShortRounds; seed++)
        {
            await RunAsync(target, seed);
        }
    }

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Names))]
    public async Task Round_FreshSeedsForLong_KeepsItsPromises(string name)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        FuzzTarget target = FuzzTargets.All.Single(t => t.Name == name);
        var clock = Stopwatch.StartNew();
        int seed = Soak.FirstSeed;
        for (; clock.Elapsed < Soak.PerTarget; seed++)
        {
            await RunAsync(target, seed);
        }

        output.WriteLine(FormattableString.Invariant($"{target.Name}: {seed - Soak.FirstSeed} rounds from seed {Soak.FirstSeed} in {clock.Elapsed.TotalMinutes:F1} minutes"));
    }

    private static async Task RunAsync(FuzzTarget target, int seed)
    {
        Exception? broken = await Record.ExceptionAsync(() => Task.Run(() => target.Round(seed)).WaitAsync(HangLimit));
        if (broken is not null)
        {
            Assert.Fail($"{target.Name}, seed {seed}: {broken}");
        }
    }
}
