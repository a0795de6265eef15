using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Tests.Handles;

public sealed class HandlePlanTests
{
    private static readonly HandleNeeds Defaults = new(256, 1024, 1024, 256, 2);

    [Theory]
    [InlineData(null)]
    [InlineData(20_000)]
    [InlineData(1_048_576)]
    public void For_EnoughHandles_LeavesEverything(int? limit)
    {
        HandlePlan plan = HandlePlan.For(limit, 100, Defaults);

        Assert.False(plan.IsShort);
        Assert.Equal(Defaults, plan.Granted);
        Assert.InRange(plan.Sockets, 256 + 1024 + 1024, int.MaxValue);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void For_FewerHandles_StaysBelowTheLimit(int limit)
    {
        HandlePlan plan = HandlePlan.For(limit, 100, Defaults);

        Assert.True(plan.IsShort);
        Assert.InRange(plan.Granted.Total, 1, limit - 100 - HandlePlan.Reserve);
        Assert.InRange(plan.Granted.Concurrency, Math.Min(256, (limit - 164) / 4), 256);
        Assert.Contains($"Laion:Download:Dns:MaxQueries {plan.Granted.Queries} instead of 256", plan.Describe(), StringComparison.Ordinal);
        Assert.Equal(limit < 3000, plan.Describe().Contains("Laion:Download:MaxIdle", StringComparison.Ordinal));
        Assert.False(HandlePlan.For((int)plan.Enough(100), 100, Defaults).IsShort);
    }

    [Fact]
    public void For_AnyLimitAndSettings_NeverPlansBeyondIt()
    {
        var random = new Random(20261128);
        for (int i = 0; i < 20_000; i++)
        {
            int Any(int most) => random.Next(4) == 0 ? 0 : random.Next(most);
            var asked = new HandleNeeds(1 + Any(5000), Any(5000), Any(5000), Any(500), 1 + Any(200));
            int limit = random.Next(64, 9000);
            int inUse = random.Next(40, 300);
            try
            {
                HandlePlan plan = HandlePlan.For(limit, inUse, asked);
                Assert.InRange(plan.Granted.Total + inUse, 1, limit);
                Assert.InRange(plan.Granted.Concurrency, 1, asked.Concurrency);
                Assert.InRange(plan.Granted.Inputs, 1, asked.Inputs);
                Assert.InRange(plan.Granted.Concurrency + plan.Granted.Stalled + plan.Granted.Idle, 1, plan.Sockets);
            }
            catch (HandleLimitException e)
            {
                Assert.Contains($" {limit} ", e.Message, StringComparison.Ordinal);
                Assert.InRange(limit, 0, inUse + HandlePlan.Reserve + 64);
            }
        }
    }

    [Fact]
    public void For_LessThanTheMinimum_StatesHowManyAreNeeded()
    {
        HandleLimitException refused = Assert.Throws<HandleLimitException>(() => HandlePlan.For(150, 100, Defaults));
        int least = int.Parse(refused.Message.Split("needs at least ")[1].Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);

        Assert.False(HandlePlan.For(least, 100, Defaults) is null);
    }
}
