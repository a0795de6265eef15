using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Search.Tests.Fuzz;

/// <summary>Runs every fuzz target: some rounds in the default suite, minutes or hours of fresh seeds under LAION_SOAK.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Round_FirstSeeds_InvariantsHold(string name) => Target(name).RunShortAsync();

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Names))]
    public async Task Round_FreshSeedsForLong_InvariantsHold(string name)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        output.WriteLine(await Target(name).RunLongAsync());
    }

    private static FuzzTarget Target(string name) => FuzzTargets.All.Single(target => target.Name == name);
}
