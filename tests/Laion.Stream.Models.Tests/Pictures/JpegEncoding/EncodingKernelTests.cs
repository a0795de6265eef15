using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Jpeg;
using LaionStream.Models.Pictures.JpegEncoding;

namespace LaionStream.Models.Tests.Pictures.JpegEncoding;

/// <summary>Every vector width gives the results of the scalar code, and the scalar code those of the definition.</summary>
public sealed class EncodingKernelTests
{
    private delegate void Transform(ReadOnlySpan<byte> samples, int stride, Quantiser quantiser, Span<short> coefficients);

    private delegate void Colour(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> y, Span<byte> cb, Span<byte> cr);

    private delegate void Halve(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> half);

    [Fact]
    public void Divide_EveryQuantiserAndMagnitude_RoundsHalfAwayFromZero()
    {
        for (int divisor = 1; divisor <= 255; divisor++)
        {
            var quantiser = new Quantiser([.. Enumerable.Repeat((byte)divisor, 64)]);
            for (int coefficient = -8_192; coefficient <= 8_192; coefficient++)
            {
                int expected = (Math.Abs(coefficient) + (divisor * 4)) / (divisor * 8) * Math.Sign(coefficient);
                short actual = Quantiser.Divide(coefficient, quantiser.Half[0], quantiser.Reciprocal[0], quantiser.Scale[0]);
                if (actual != expected) { Assert.Fail($"{coefficient} / {divisor}: {actual}, not {expected}"); }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(95)]
    [InlineData(100)]
    public void Transform_AnySamples_EqualsTheScalarCode(int quality)
    {
        List<Transform> kernels = [ForwardDct.TransformRow, VectorForwardDct.TransformGroup<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>];
        if (Avx2.IsSupported) { kernels.Add(VectorForwardDct.TransformGroup<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>); }
        if (Avx512BW.IsSupported) { kernels.Add(VectorForwardDct.TransformGroup<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>); }

        var random = new Random(7);
        Quantiser quantiser = QuantiserSet.Of(quality).Luma;
        for (int round = 0; round < 2_000; round++)
        {
            byte[] samples = [.. Enumerable.Range(0, 256).Select(_ => (byte)(round % 3 == 0 ? random.Next(2) * 255 : random.Next(256)))];
            var expected = new short[256];
            ScalarForwardDct.TransformGroup(samples, 32, quantiser, expected);
            foreach (Transform kernel in kernels)
            {
                var coefficients = new short[256];
                kernel(samples, 32, quantiser, coefficients);
                Assert.Equal(expected, coefficients);
            }
        }
    }

    [Fact]
    public void ToYcc_EveryRedAndGreen_EqualsTheScalarCode()
    {
        List<Colour> kernels = [ForwardColour.ToYcc, VectorForwardColour.ToYcc<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>];
        if (Avx2.IsSupported) { kernels.Add(VectorForwardColour.ToYcc<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>); }
        if (Avx512BW.IsSupported) { kernels.Add(VectorForwardColour.ToYcc<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>); }

        var random = new Random(3);
        byte[] green = [.. Enumerable.Range(0, 256).Select(level => (byte)level)];
        for (int level = 0; level < 256; level++)
        {
            byte[] red = [.. Enumerable.Repeat((byte)level, 256)], blue = new byte[256];
            random.NextBytes(blue);
            (byte[] y, byte[] cb, byte[] cr) = (new byte[256], new byte[256], new byte[256]);
            ForwardColour.ToYccOneByOne(red, green, blue, y, cb, cr);
            foreach (Colour kernel in kernels)
            {
                (byte[] y2, byte[] cb2, byte[] cr2) = (new byte[256], new byte[256], new byte[256]);
                kernel(red, green, blue, y2, cb2, cr2);
                Assert.Equal((y, cb, cr), (y2, cb2, cr2), new Arrays());
            }
        }
    }

    [Fact]
    public void Halve_AnySamples_EqualsTheScalarCode()
    {
        List<Halve> kernels = [ForwardColour.Halve, VectorForwardColour.Halve<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>];
        if (Avx2.IsSupported) { kernels.Add(VectorForwardColour.Halve<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>); }
        if (Avx512BW.IsSupported) { kernels.Add(VectorForwardColour.Halve<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>); }

        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            (byte[] upper, byte[] lower, byte[] expected) = (new byte[256], new byte[256], new byte[128]);
            random.NextBytes(upper);
            random.NextBytes(lower);
            ForwardColour.HalveOneByOne(upper, lower, expected);
            foreach (Halve kernel in kernels)
            {
                var half = new byte[128];
                kernel(upper, lower, half);
                Assert.Equal(expected, half);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(47)]
    [InlineData(341)]
    public void Split_AnyWidth_SeparatesTheComponents(int width)
    {
        var rgb = new byte[width * 3];
        new Random(width).NextBytes(rgb);
        (byte[] red, byte[] green, byte[] blue) = (new byte[width], new byte[width], new byte[width]);

        ForwardColour.Split(rgb, red, green, blue);

        Assert.Equal(rgb, Enumerable.Range(0, width).SelectMany(x => new[] { red[x], green[x], blue[x] }));
    }

    [Fact]
    public void ToZigZag_EachBlockOfAGroup_IsInFileOrderAndNamesWhatIsNotZero()
    {
        var group = new short[ZigZag.GroupSize];
        for (int i = 0; i < group.Length; i++) { group[i] = (short)(i % 3 == 0 ? 0 : i - 100); }
        var block = new short[64];
        for (int place = 0; place < 4; place++)
        {
            ulong others = BlockOrder.ToZigZag(group.AsSpan(place * 8), block);

            for (int k = 0; k < 64; k++)
            {
                Assert.Equal(group[(place * 8) + ZigZag.Offsets[k]], block[k]);
                Assert.Equal(block[k] != 0, ((others >> k) & 1) == 1);
            }
        }
    }

    /// <summary>T.81 F.1.2.1: the magnitude's bits, those of a negative number inverted.</summary>
    [Fact]
    public void ValueBits_EveryCoefficientOfABaselineFile_AreItsSizeAndItsBits()
    {
        var block = new short[64];
        var bits = new uint[64];
        for (int start = -2048; start < 2048; start += block.Length)
        {
            for (int k = 0; k < block.Length; k++) { block[k] = (short)(start + k); }

            ValueBits.Of(block, bits);

            for (int k = 0; k < block.Length; k++)
            {
                if (block[k] == 0) { continue; }

                string magnitude = Convert.ToString(Math.Abs(block[k]), 2);
                string expected = block[k] > 0 ? magnitude : string.Concat(magnitude.Select(bit => bit == '1' ? '0' : '1'));
                Assert.Equal((uint)magnitude.Length | (Convert.ToUInt32(expected, 2) << 16), bits[k]);
            }
        }
    }

    private sealed class Arrays : IEqualityComparer<(byte[] Y, byte[] Blue, byte[] Red)>
    {
        public bool Equals((byte[] Y, byte[] Blue, byte[] Red) a, (byte[] Y, byte[] Blue, byte[] Red) b) =>
            a.Y.AsSpan().SequenceEqual(b.Y) && a.Blue.AsSpan().SequenceEqual(b.Blue) && a.Red.AsSpan().SequenceEqual(b.Red);

        public int GetHashCode((byte[] Y, byte[] Blue, byte[] Red) all) => all.Y.Length;
    }
}
