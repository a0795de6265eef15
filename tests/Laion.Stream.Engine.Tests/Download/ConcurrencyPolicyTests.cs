using LaionStream.Engine.Download;

namespace LaionStream.Engine.Tests.Download;

public sealed class ConcurrencyPolicyTests
{
    [Theory]
    [InlineData(40)]
    [InlineData(150)]
    [InlineData(700)]
    public void Next_ServerOfSomeCapacity_SettlesNearTheBestFixedLimit(int capacity)
    {
        var random = new Random(capacity);
        double best = Goodput(capacity, capacity, 0);
        var policy = new ConcurrencyPolicy(4, 2048);
        int limit = ConcurrencyDriver.AutoStart;
        var last = new List<(int Limit, double Goodput)>();
        for (int second = 0; second < 90; second++)
        {
            double goodput = Goodput(limit, capacity, 0.02 * (random.NextDouble() - 0.5));
            if (second >= 60) { last.Add((limit, goodput)); }
            limit = policy.Next(new ConcurrencySample(limit, limit, goodput, 0.3));
        }

        Assert.InRange(last.Average(second => second.Goodput), 0.9 * best, 1.1 * best);
        Assert.InRange(last.Average(second => second.Limit), 0.8 * capacity, 2.5 * capacity);
    }

    [Fact]
    public void Next_ErrorsRise_BacksOff()
    {
        var policy = new ConcurrencyPolicy(4, 2048);
        int limit = 100;
        for (int second = 0; second < 30; second++) { limit = policy.Next(new ConcurrencySample(limit, limit, Goodput(limit, 100, 0), 0.3)); }
        int before = limit;

        limit = policy.Next(new ConcurrencySample(limit, limit, 500, 0.6));
        limit = policy.Next(new ConcurrencySample(limit, limit, 400, 0.6));

        Assert.InRange(limit, 4, before / 2);
    }

    [Fact]
    public void Next_LimitNotUsed_DoesNotGrow()
    {
        var policy = new ConcurrencyPolicy(4, 2048);
        int limit = 64;
        for (int second = 0; second < 60; second++) { limit = policy.Next(new ConcurrencySample(limit, 10, 100, 0)); }

        Assert.Equal(64, limit);
    }

    // So many requests are worked on at once, each taking 100 ms; more of them only wait, and hurt a little.
    private static double Goodput(int limit, int capacity, double noise) => 10 * Math.Min(limit, capacity) * (1 - (0.02 * Math.Max(0, Math.Log2((double)limit / capacity)))) * (1 + noise);
}
