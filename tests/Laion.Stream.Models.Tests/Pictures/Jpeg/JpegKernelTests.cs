using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>Every vector width gives the results of the scalar code.</summary>
public sealed class JpegKernelTests
{
    private delegate bool Transform(ReadOnlySpan<short> coefficients, ReadOnlySpan<short> quantisers, Span<byte> samples, int stride);

    private delegate int Colour(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> rgb);

    [Theory]
    [InlineData(100)]
    [InlineData(2_000)]
    [InlineData(32_767)]
    public void Transform_AnyCoefficients_EqualsTheScalarCode(int most)
    {
        List<Transform> kernels = [VectorInverseDct.TryTransform<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>];
        if (Avx2.IsSupported) { kernels.Add(VectorInverseDct.TryTransform<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>); }
        if (Avx512BW.IsSupported) { kernels.Add(VectorInverseDct.TryTransform<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>); }

        var random = new Random(11);
        var factors = new short[64];
        var coefficients = new short[256];
        int done = 0;
        for (int round = 0; round < 3_000; round++)
        {
            int largest = random.Next(1, most + 1);
            for (int i = 0; i < 256; i++)
            {
                coefficients[i] = (short)(random.Next(4) == 0 || (i < 32 && most < 8_000) ? random.Next(-largest, largest + 1) : 0);
                factors[i & 63] = (short)(most > 8_000 ? random.Next(-32768, 32768) : random.Next(1, 5));
            }

            short[] quantisers = InverseDct.Spread(factors);
            var expected = new byte[8 * 40];
            ScalarInverseDct.TransformGroup(coefficients, quantisers, expected, 40);
            foreach (Transform kernel in kernels)
            {
                var samples = new byte[8 * 40];
                if (!kernel(coefficients, quantisers, samples, 40)) { continue; }
                done++;
                Assert.Equal(expected, samples);
            }

            var row = new byte[8 * 40];
            InverseDct.TransformRow(coefficients, quantisers, row, 40);
            Assert.Equal(expected, row);
        }

        Assert.True(done > (most > 8_000 ? -1 : 5_000));
    }

    [Fact]
    public void ToRgb_EveryPairOfDifferences_EqualsTheScalarCode()
    {
        List<Colour> kernels = [VectorColour.ToRgb<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>];
        if (Avx2.IsSupported) { kernels.Add(VectorColour.ToRgb<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>); }
        if (Avx512BW.IsSupported) { kernels.Add(VectorColour.ToRgb<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>); }

        byte[] y = new byte[65_536], cb = new byte[65_536], cr = new byte[65_536], expected = new byte[3 * 65_536];
        new Random(12).NextBytes(y);
        for (int i = 0; i < y.Length; i++) { (cb[i], cr[i]) = ((byte)i, (byte)(i >> 8)); }
        ColourConverter.ToRgbOneByOne(y, cb, cr, expected);
        foreach (Colour kernel in kernels)
        {
            var rgb = new byte[expected.Length];
            Assert.Equal(65_536, kernel(y, cb, cr, rgb));
            Assert.Equal(expected, rgb);
        }

        for (int width = 1; width < 200; width++)
        {
            var rgb = new byte[3 * width];
            ColourConverter.ToRgb(y, cb, cr, rgb);
            Assert.Equal(expected[..rgb.Length], rgb);
        }
    }

    [Fact]
    public void Deposit_AnyBitsAndMask_EqualsTheLoop()
    {
        var random = new Random(13);
        for (int round = 0; round < 2_000; round++)
        {
            ulong value = (ulong)random.NextInt64() << random.Next(2), mask = (ulong)random.NextInt64() & (ulong)random.NextInt64();
            ulong expected = 0;
            for (int bit = 0, taken = 0; bit < 64; bit++)
            {
                if ((mask >> bit & 1) != 0) { expected |= (value >> taken++ & 1) << bit; }
            }

            Assert.Equal(expected, RefinementReader.Deposit(value, mask));
            Assert.Equal(expected, RefinementReader.DepositOneByOne(value, mask));
        }
    }
}
