using System.Buffers.Binary;
using LaionStream.Models.Pictures.Colour;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Pictures.Colour;

public sealed class IccMatrixTests
{
    [Fact]
    public void TryRead_ProfileOfSrgb_HasNothingToConvert()
    {
        Assert.True(IccMatrix.TryRead(IccProfiles.Profile(IccProfiles.SrgbPrimaries, IccProfiles.Parametric(3, IccProfiles.SrgbCurve)), out IccMatrix? matrix));
        Assert.Null(matrix);
    }

    [Fact]
    public void ToSrgb_AdobeRgb_KeepsGreysAndWidensColours()
    {
        Assert.True(IccMatrix.TryRead(IccProfiles.Profile(IccProfiles.AdobePrimaries, IccProfiles.Parametric(0, [2.19921875])), out IccMatrix? matrix));
        Span<byte> pixels = [0, 0, 0, 255, 255, 255, 128, 128, 128, 200, 100, 50];

        matrix!.ToSrgb(pixels);

        Assert.Equal([0, 0, 0, 255, 255, 255], pixels[..6].ToArray());
        Assert.All(pixels[6..9].ToArray(), grey => Assert.InRange(grey, 126, 130));
        Assert.InRange(pixels[9], 220, 235); // the same orange needs more red and less green in the smaller space
        Assert.InRange(pixels[10], 90, 100);
    }

    [Fact]
    public void ToSrgb_AnyLength_IsTheSameWithAndWithoutVectors()
    {
        Assert.True(IccMatrix.TryRead(IccProfiles.Profile(IccProfiles.AdobePrimaries, IccProfiles.Parametric(0, [2.19921875])), out IccMatrix? matrix));
        var random = new Random(5);
        for (int pixels = 0; pixels < 70; pixels++)
        {
            byte[] plain = new byte[pixels * 3];
            random.NextBytes(plain);
            byte[] vectors = [.. plain];

            matrix!.ToSrgb(plain, vectorise: false);
            matrix.ToSrgb(vectors);

            Assert.Equal(plain, vectors);
        }
    }

    [Fact]
    public void TryRead_CurveThatGivesNaN_IsRefused() =>
        // roots of negative numbers
        Assert.False(IccMatrix.TryRead(IccProfiles.Profile(IccProfiles.AdobePrimaries, IccProfiles.Parametric(3, [0.5, 1, -3, 1, 0])), out _));

    [Fact]
    public void TryRead_GammaTable_EqualsTheFormula()
    {
        byte[] table = new byte[12 + (1024 * 2)];
        "curv"u8.CopyTo(table);
        BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(8), 1024);
        for (int i = 0; i < 1024; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(table.AsSpan(12 + (i * 2)), (ushort)Math.Round(65535 * Math.Pow(i / 1023.0, 1.8)));
        }
        var sampled = new float[256];
        var formula = new float[256];

        Assert.True(IccTags.TryReadCurve(table, sampled));
        Assert.True(IccTags.TryReadCurve(IccProfiles.Parametric(0, [1.8]), formula));

        for (int i = 0; i < 256; i++) { Assert.Equal(formula[i], sampled[i], 1e-4f); }
    }

    [Fact]
    public void TryRead_DamagedProfile_NeverThrows()
    {
        byte[] whole = IccProfiles.Profile(IccProfiles.AdobePrimaries, IccProfiles.Parametric(3, IccProfiles.SrgbCurve));
        var random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 5000; round++)
        {
            byte[] damaged = [.. whole[..random.Next(whole.Length / 2, whole.Length + 1)]];
            for (int i = 0; i < 4; i++) { damaged[random.Next(damaged.Length)] = (byte)random.Next(256); }
            refused += IccMatrix.TryRead(damaged, out _) ? 0 : 1;
        }

        Assert.InRange(refused, 1000, 5000);
        Assert.False(IccMatrix.TryRead([], out _));
    }
}
