using System.Diagnostics;
using LaionStream.TestWorld;
using Xunit.Abstractions;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>
/// Every parser of untrusted bytes reads damaged files, each within a time and a memory limit: every dangerous number at every offset of a header, every
/// truncation, and random damage. LAION_SOAK with LAION_SOAK_MINUTES runs each that long with new seeds.
/// </summary>
public sealed class ByteParserTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. ByteParsers.All.Select(parser => parser.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_DangerousNumberAtAnyPlace_EndsInTimeAndMemory(string name)
    {
        ByteParser parser = Find(name);
        long share = parser.SweptPlaces * 4L / Math.Max(1, parser.Seeds().Count);
        Watch(parser, parser.Seeds().SelectMany(seed =>
            FuzzInput.Cuts(seed, (int)Math.Max(share, 40)).Concat(FuzzInput.Sweep(seed, parser.SweptPlaces, all: false))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_RandomDamage_EndsInTimeAndMemory(string name)
    {
        ByteParser parser = Find(name);
        Watch(parser, Mutants(parser, firstSeed: 0).Take(parser.Rounds));
    }

    [SkippableTheory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Names))]
    public void Parse_RandomDamageForLong_EndsInTimeAndMemory(string name)
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        ByteParser parser = Find(name);
        var clock = Stopwatch.StartNew();
        IEnumerable<byte[]> sweep = parser.Seeds().SelectMany(seed => FuzzInput.Sweep(seed, parser.SweptPlaces * 4, all: true));
        Watch(parser, sweep.Concat(Mutants(parser, Soak.FirstSeed)).TakeWhile(_ => clock.Elapsed < Soak.PerTarget));
    }

    private void Watch(ByteParser parser, IEnumerable<byte[]> inputs)
    {
        var watched = new WatchedParser(parser, inputs);
        string? broken = watched.Finish();
        output.WriteLine($"{parser.Name}: {watched.Done} inputs");
        Assert.True(broken is null, broken);
        Assert.True(watched.Done > 0);
    }

    private static IEnumerable<byte[]> Mutants(ByteParser parser, int firstSeed)
    {
        IReadOnlyList<byte[]> seeds = parser.Seeds();
        for (int seed = firstSeed; ; seed++)
        {
            var random = new Random(seed);
            yield return FuzzInput.Mutate(seeds[random.Next(seeds.Count)], seeds[random.Next(seeds.Count)], random);
        }
    }

    private static ByteParser Find(string name) => ByteParsers.All.Single(parser => parser.Name == name);
}
