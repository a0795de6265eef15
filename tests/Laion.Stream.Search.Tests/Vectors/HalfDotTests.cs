using LaionStream.Search.Vectors;

namespace LaionStream.Search.Tests.Vectors;

public sealed class HalfDotTests
{
    [Theory]
    [InlineData(512, 1f)]
    [InlineData(512, 0.0001f)] // many below 2^-14
    [InlineData(512, 0.000001f)]
    [InlineData(512, 50_000f)] // the sum of squares is beyond that of one number
    [InlineData(77, 1f)]
    [InlineData(32, 0.05f)]
    public void Of_RandomNumbers_IsTheExactSumToWithinFloat32(int width, float scale)
    {
        var random = new Random(width);
        for (int round = 0; round < 200; round++)
        {
            float[] query = [.. Enumerable.Range(0, width).Select(_ => (float)(random.NextDouble() - 0.5))];
            Half[] row = [.. Enumerable.Range(0, width).Select(_ => (Half)(scale * (random.NextDouble() - 0.5)))];

            (float dot, float squares) = HalfDot.Of(query, row, new float[width]);

            double magnitude = row.Zip(query, (a, b) => Math.Abs((double)a * b)).Sum();
            Assert.Equal(row.Zip(query, (a, b) => (double)a * b).Sum(), dot, 1e-5 * magnitude);
            Assert.Equal(1, row.Sum(a => (double)a * (double)a) / squares, 1e-5);
        }
    }

    [Fact]
    public void Of_EveryFiniteNumber_IsExact()
    {
        float[] query = new float[32];
        var row = new Half[32];
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var number = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (!Half.IsFinite(number)) { continue; }

            int at = bits % 32;
            (query[at], row[at]) = (1, number);
            Assert.Equal((float)number, HalfDot.Of(query, row, new float[32]).Dot);
            (query[at], row[at]) = (0, default);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Of_ANumberThatIsNotFinite_HasSquaresThatAreNot(float number)
    {
        for (int at = 0; at < 64; at++)
        {
            var row = new Half[64];
            row[at] = (Half)number;
            Assert.False(float.IsFinite(HalfDot.Of(new float[64], row, new float[64]).Squares));
        }
    }
}
