using LaionStream.Engine.Download;

namespace LaionStream.Engine.Tests.Download;

public sealed class ConcurrencyPolicyTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private readonly ConcurrencyPolicy _policy = new(4, 2048);

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(150)]
    [InlineData(700)]
    public void Next_ServerOfSomeCapacityAndNoise_SettlesNearTheBestFixedLimit(int capacity)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var policy = new ConcurrencyPolicy(4, 2048);
            int limit = ConcurrencyDriver.AutoStart;
            var last = new List<(int Limit, double Goodput)>();
            for (int second = 0; second < 120; second++)
            {
                double goodput = Goodput(limit, capacity) * (1 + (0.1 * (random.NextDouble() - 0.5)));
                if (second >= 60) { last.Add((limit, goodput)); }
                limit = policy.Next(Sample(limit, goodput, 0.3));
            }

            Assert.InRange(last.Average(second => second.Goodput) / Goodput(capacity, capacity), 0.9, 1.1);
            Assert.InRange(last.Average(second => second.Limit), 0.8 * capacity, Math.Max(2.5 * capacity, 36));
        }
    }

    // A shared machine: about every twelfth second the machine itself pauses for most of the second.
    [Theory]
    [InlineData(40)]
    [InlineData(150)]
    public void Next_MachinePausesNowAndThen_KeepsItsLimit(int capacity)
    {
        var limits = new List<double>();
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var policy = new ConcurrencyPolicy(4, 2048);
            int limit = ConcurrencyDriver.AutoStart;
            for (int second = 0; second < 120; second++)
            {
                double goodput = Goodput(limit, capacity) * (second > 20 && random.Next(12) == 0 ? 0.25 : 1);
                if (second >= 60) { limits.Add((double)limit / capacity); }
                limit = policy.Next(Sample(limit, goodput, 0));
            }
        }

        double share = limits.Count(limit => limit < 0.8) / (double)limits.Count;
        output.WriteLine($"{share:P1} of the seconds below 0.8 of the capacity");
        Assert.InRange(share, 0, 0.03);
    }

    [Fact]
    public void Next_CapacityGrowsAndShrinks_IsFollowed()
    {
        int limit = Run(ConcurrencyDriver.AutoStart, 60, limit => Sample(limit, Goodput(limit, 50), 0.1));
        Assert.InRange(limit, 40, 80);

        limit = Run(limit, 90, limit => Sample(limit, Goodput(limit, 400), 0.1));
        Assert.InRange(limit, 330, 600);

        limit = Run(limit, 240, limit => Sample(limit, Goodput(limit, 100), 0.1));
        Assert.InRange(limit, 80, 180);
    }

    [Fact]
    public void Next_ErrorsRise_BacksOff()
    {
        int before = Run(ConcurrencyDriver.AutoStart, 40, limit => Sample(limit, Goodput(limit, 100), 0.3));

        int after = Run(before, 5, limit => Sample(limit, 400, 0.6));

        Assert.InRange(after, 4, before / 2);
    }

    [Fact]
    public void Next_ErrorsThatNoCutLowers_BecomeTheUsualOnes()
    {
        int before = Run(ConcurrencyDriver.AutoStart, 40, limit => Sample(limit, Goodput(limit, 100), 0.2));

        int after = Run(before, 90, limit => Sample(limit, Goodput(limit, 100) / 2, 0.6)); // the list has reached many dead links

        Assert.InRange(after, 0.8 * before, 2 * before);
    }

    [Fact]
    public void Next_NothingArrives_FallsToTheMinimum() =>
        Assert.Equal(4, Run(Run(ConcurrencyDriver.AutoStart, 40, limit => Sample(limit, Goodput(limit, 100), 0.3)), 30,
            limit => new ConcurrencySample(limit, limit, 1, 0, 500, 500)));

    [Fact]
    public void Next_LimitNotUsed_DoesNotGrow() => Assert.Equal(64, Run(64, 60, limit => Sample(limit, 100, 0) with { MostActive = 10 }));

    private static ConcurrencySample Sample(int limit, double goodput, double troubled) =>
        new(limit, limit, 1, (long)goodput, (long)(goodput / (1 - troubled)), (long)(goodput / (1 - troubled) * troubled));

    // The server processes this many requests at once, each in 100 ms; further ones only wait, and slow it down a little.
    private static double Goodput(int limit, int capacity) => 10 * Math.Min(limit, capacity) * (1 - (0.02 * Math.Max(0, Math.Log2((double)limit / capacity))));

    private int Run(int limit, int seconds, Func<int, ConcurrencySample> sample)
    {
        for (int second = 0; second < seconds; second++) { limit = _policy.Next(sample(limit)); }
        return limit;
    }
}
