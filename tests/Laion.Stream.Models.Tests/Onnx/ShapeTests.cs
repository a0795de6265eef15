using LaionStream.Models.Onnx;
using LaionStream.Models.Towers;

namespace LaionStream.Models.Tests.Onnx;

public sealed class ShapeTests
{
    [Theory]
    [InlineData(32, 1, new[] { 1, 2, 4, 8, 16, 32 })]
    [InlineData(8, 4, new[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(32, 4, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32 })]
    [InlineData(100, 1, new[] { 1, 2, 4, 8, 16, 32, 64, 100 })]
    [InlineData(1, 4, new[] { 1 })]
    public void UpTo_Sizes_AreFew(int max, int steps, int[] sizes) => Assert.Equal(sizes, BatchShape.UpTo(max, steps).Sizes);

    [Fact]
    public void Now_LimitChanges_FollowsIt()
    {
        var limit = new BatchLimit(4);
        BatchShape shape = BatchShape.Following(limit, most: 16, steps: 1);
        Assert.Same(shape, shape.Now());

        limit.Rows = 8;
        Assert.Equal([1, 2, 4, 8], shape.Now().Sizes);
        limit.Rows = 64;
        Assert.Equal(16, shape.Now().Max); // more do not help
    }

    [Fact]
    public void Now_ReducedForWantOfMemory_StaysReducedUntilTheLimitChanges()
    {
        var limit = new BatchLimit(8);
        BatchShape reduced = BatchShape.Following(limit, most: 64, steps: 1).SmallerFor(new ModelRunException("full", failure: ModelFailure.OutOfMemory), 8)!;
        Assert.Equal(4, reduced.Now().Max);

        limit.Rows = 16;
        Assert.Equal(16, reduced.Now().Max);
    }

    [Fact]
    public void Pad_AnyRows_IsTheNextSizeAndWastesLittle()
    {
        BatchShape shape = BatchShape.UpTo(256, steps: 4);
        for (int rows = 1; rows <= 256; rows++)
        {
            int padded = shape.Pad(rows);
            Assert.Contains(padded, shape.Sizes);
            Assert.InRange(padded, rows, Math.Max(rows, rows * 5 / 4));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => shape.Pad(257));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.Pad(0));
    }

    [Theory]
    [InlineData(2, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 24)]
    [InlineData(77, 77)]
    public void Pad_Tokens_IsTheNextLength(int tokens, int length) => Assert.Equal(length, new TextShape(77, [16, 24, 100, 0], split: true).Pad(tokens));

    [Fact]
    public void Runs_Split_GivesOneRunPerLength()
    {
        var shape = new TextShape(77, [16, 32], split: true);

        Assert.Equal([(0, 3, 16), (3, 1, 32), (4, 2, 77)], shape.Runs([3, 5, 16, 17, 40, 77], most: 8));
    }

    [Fact]
    public void Runs_Whole_GivesTheLongestsLength()
    {
        var shape = new TextShape(77, [16, 32], split: false);

        Assert.Equal([(0, 4, 32), (4, 2, 77)], shape.Runs([3, 5, 16, 17, 40, 77], most: 4));
    }
}
