using System.Buffers.Binary;
using LaionStream.Models.Pictures.Colour;

namespace LaionStream.Engine.Tests.Imaging;

public sealed class IccMatrixTests
{
    private static readonly double[] SrgbPrimaries = [0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061, 0.71410];
    internal static readonly double[] AdobePrimaries = [0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322, 0.74457];
    internal static readonly double[] SrgbCurve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];

    [Fact]
    public void TryRead_ProfileOfSrgb_HasNothingToConvert()
    {
        Assert.True(IccMatrix.TryRead(Profile(SrgbPrimaries, Parametric(3, SrgbCurve)), out IccMatrix? matrix));
        Assert.Null(matrix);
    }

    [Fact]
    public void ToSrgb_AdobeRgb_KeepsGreysAndWidensColours()
    {
        Assert.True(IccMatrix.TryRead(Profile(AdobePrimaries, Parametric(0, [2.19921875])), out IccMatrix? matrix));
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
        Assert.True(IccMatrix.TryRead(Profile(AdobePrimaries, Parametric(0, [2.19921875])), out IccMatrix? matrix));
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
    public void TryRead_CurveThatGivesNoNumbers_IsRefused() =>
        Assert.False(IccMatrix.TryRead(Profile(AdobePrimaries, Parametric(3, [0.5, 1, -3, 1, 0])), out _)); // roots of negative numbers

    [Fact]
    public void TryRead_GammaTable_EqualsTheFormula()
    {
        byte[] table = new byte[12 + (1024 * 2)];
        "curv"u8.CopyTo(table);
        BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(8), 1024);
        for (int i = 0; i < 1024; i++) { BinaryPrimitives.WriteUInt16BigEndian(table.AsSpan(12 + (i * 2)), (ushort)Math.Round(65535 * Math.Pow(i / 1023.0, 1.8))); }
        var sampled = new float[256];
        var formula = new float[256];

        Assert.True(IccTags.TryReadCurve(table, sampled));
        Assert.True(IccTags.TryReadCurve(Parametric(0, [1.8]), formula));

        for (int i = 0; i < 256; i++) { Assert.Equal(formula[i], sampled[i], 1e-4f); }
    }

    [Fact]
    public void TryRead_DamagedProfile_NeverThrows()
    {
        byte[] whole = Profile(AdobePrimaries, Parametric(3, SrgbCurve));
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

    internal static byte[] Parametric(int kind, double[] numbers)
    {
        byte[] tag = new byte[12 + (numbers.Length * 4)];
        "para"u8.CopyTo(tag);
        tag[9] = (byte)kind;
        for (int i = 0; i < numbers.Length; i++) { WriteFixed(tag.AsSpan(12 + (i * 4)), numbers[i]); }
        return tag;
    }

    internal static byte[] Profile(double[] primaries, byte[] curve)
    {
        byte[] profile = new byte[128 + 4 + (6 * 12) + (3 * 20) + curve.Length];
        "RGB XYZ "u8.CopyTo(profile.AsSpan(16));
        "acsp"u8.CopyTo(profile.AsSpan(36));
        BinaryPrimitives.WriteInt32BigEndian(profile.AsSpan(128), 6);
        int data = 128 + 4 + (6 * 12);
        for (int c = 0; c < 3; c++)
        {
            int colourant = data + (c * 20);
            WriteTag(profile, c, [(byte)"rgb"[c], .. "XYZ"u8], colourant, 20);
            "XYZ "u8.CopyTo(profile.AsSpan(colourant));
            for (int k = 0; k < 3; k++) { WriteFixed(profile.AsSpan(colourant + 8 + (k * 4)), primaries[(c * 3) + k]); }
            WriteTag(profile, 3 + c, [(byte)"rgb"[c], .. "TRC"u8], data + 60, curve.Length);
        }

        curve.CopyTo(profile, data + 60);
        return profile;
    }

    private static void WriteTag(byte[] profile, int index, ReadOnlySpan<byte> name, int offset, int size)
    {
        Span<byte> entry = profile.AsSpan(132 + (index * 12));
        name.CopyTo(entry);
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], offset);
        BinaryPrimitives.WriteInt32BigEndian(entry[8..], size);
    }

    private static void WriteFixed(Span<byte> at, double value) => BinaryPrimitives.WriteInt32BigEndian(at, (int)Math.Round(value * 65536));
}
