using LaionStream.Engine.Run;

namespace LaionStream.Engine.Tests.Run;

public sealed class PoolThreadsTests
{
    [Fact]
    public void Start_AnyPool_HasMoreThreadsThanItsLeastAndKeepsThatNumber()
    {
        ThreadPool.GetMinThreads(out int before, out int completions);

        PoolThreads.Start();

        ThreadPool.GetMinThreads(out int after, out int completionsAfter);
        Assert.Equal((before, completions), (after, completionsAfter));
        Assert.InRange(ThreadPool.ThreadCount, before + 1, int.MaxValue);
    }
}
