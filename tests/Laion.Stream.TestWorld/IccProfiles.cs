using System.Buffers.Binary;

namespace LaionStream.TestWorld;

/// <summary>Small ICC profiles built in code.</summary>
public static class IccProfiles
{
    /// <summary>Red, green and blue of sRGB as XYZ, adapted to D50.</summary>
    public static readonly double[] SrgbPrimaries = [0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061, 0.71410];

    /// <summary>The same of Adobe RGB.</summary>
    public static readonly double[] AdobePrimaries = [0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322, 0.74457];

    /// <summary>The parameters of sRGB's parametric curve.</summary>
    public static readonly double[] SrgbCurve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];

    /// <summary>A parametric curve tag.</summary>
    public static byte[] Parametric(int kind, double[] numbers)
    {
        byte[] tag = new byte[12 + (numbers.Length * 4)];
        "para"u8.CopyTo(tag);
        tag[9] = (byte)kind;
        for (int i = 0; i < numbers.Length; i++) { WriteFixed(tag.AsSpan(12 + (i * 4)), numbers[i]); }
        return tag;
    }

    /// <summary>A matrix profile with one curve for all three channels.</summary>
    public static byte[] Profile(double[] primaries, byte[] curve)
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
