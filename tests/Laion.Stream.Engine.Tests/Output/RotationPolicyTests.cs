using LaionStream.Engine.Output;

namespace LaionStream.Engine.Tests.Output;

public sealed class RotationPolicyTests
{
    [Theory]
    [InlineData(0, 1_000, 1_000, false)]
    [InlineData(9, 99, 9, false)]
    [InlineData(10, 0, 0, true)]
    [InlineData(1, 100, 0, true)]
    [InlineData(1, 0, 10, true)]
    [InlineData(1, 0, -500, false)]
    public void IsFull_RowsBytesOrAge_WhicheverComesFirst(long rows, long bytes, int seconds, bool expected) =>
        Assert.Equal(expected, new RotationPolicy(10, 100, TimeSpan.FromSeconds(10)).IsFull(rows, bytes, TimeSpan.FromSeconds(seconds)));
}
