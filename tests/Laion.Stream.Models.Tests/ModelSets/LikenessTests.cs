using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx.Editing;

namespace LaionStream.Models.Tests.ModelSets;

/// <summary>What counts as the same answers: the guard between a changed model and the rows.</summary>
public sealed class LikenessTests
{
    [Theory]
    [InlineData(new float[] { 1, 0, 0, 1 }, new float[] { 2, 0.01f, 0, 3 })] // lengths do not count
    [InlineData(new float[] { 1, 0, 0, 1 }, new float[] { 1, 0, 0, 1 })]
    public void Check_EmbeddingsOfTheSameDirection_Pass(float[] expected, float[] found) =>
        Assert.InRange(Likeness.OfHalfEmbedding.Check(expected, found, 2), 0.999, 1.000001);

    [Theory]
    [InlineData(new float[] { 1, 0, 0, 1 }, new float[] { 1, 0, 0.1f, 1 })] // the second row alone
    [InlineData(new float[] { 1, 0, 0, 1 }, new float[] { 1, 0, 0, float.PositiveInfinity })]
    [InlineData(new float[] { 1, 0, 0, 1 }, new float[] { float.NaN, 0, 0, 1 })]
    [InlineData(new float[] { 1, 0, 0, 1 }, new float[] { 0, 0, 0, 1 })]
    public void Check_EmbeddingsOfAnotherDirection_AreRefused(float[] expected, float[] found) =>
        Assert.Throws<ModelEditException>(() => Likeness.OfHalfEmbedding.Check(expected, found, 2));

    [Theory]
    [InlineData(0.5f, 0.504f, true)]
    [InlineData(0.5f, 0.506f, false)] // a cosine of one number is 1
    [InlineData(-200f, -200.9f, true)]
    [InlineData(-200f, -201.1f, false)]
    [InlineData(0.5f, float.NaN, false)]
    public void Check_Scores_AreComparedAsNumbers(float expected, float found, bool passes)
    {
        if (passes)
        {
            Likeness.OfHalfScores.Check([expected], [found], 1);
        }
        else
        {
            Assert.Throws<ModelEditException>(() => Likeness.OfHalfScores.Check([expected], [found], 1));
        }
    }
}
