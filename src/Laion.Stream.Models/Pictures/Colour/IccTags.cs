using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Colour;

/// <summary>Reads tags of an ICC profile (ICC.1:2022, 7.3 and 10). Never throws: a broken tag is treated as absent.</summary>
internal static class IccTags
{
    private const int TableStart = 128;
    private const int MaxTags = 256;

    /// <summary>A tag's bytes, type signature first; empty when the profile has none.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="name">Four bytes.</param>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> profile, ReadOnlySpan<byte> name)
    {
        if (profile.Length < TableStart + 4) { return []; }
        uint count = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(profile[TableStart..]), MaxTags);
        for (int i = 0, at = TableStart + 4; i < count && at + 12 <= profile.Length; i++, at += 12)
        {
            if (!profile.Slice(at, 4).SequenceEqual(name)) { continue; }
            uint offset = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 4)..]);
            uint size = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 8)..]);
            return (ulong)offset + size <= (ulong)profile.Length ? profile.Slice((int)offset, (int)size) : [];
        }

        return [];
    }

    /// <summary>An s15Fixed16Number.</summary>
    public static float Fixed(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadInt32BigEndian(at) / 65536f;

    /// <summary>Fills a table with the curve's linear light, 0 to 1, for the 256 sample values.</summary>
    /// <param name="curve">A <c>curv</c> or <c>para</c> tag.</param>
    /// <param name="linear">256 values.</param>
    public static bool TryReadCurve(ReadOnlySpan<byte> curve, Span<float> linear)
    {
        if (curve.Length >= 12 && curve.StartsWith("curv"u8)) { return TryReadSampled(curve, linear); }
        return curve.Length >= 16 && curve.StartsWith("para"u8) && TryReadParametric(curve, linear);
    }

    private static bool TryReadSampled(ReadOnlySpan<byte> curve, Span<float> linear)
    {
        uint count = BinaryPrimitives.ReadUInt32BigEndian(curve[8..]);
        if (count > (curve.Length - 12) / 2) { return false; }
        double gamma = count == 1 ? BinaryPrimitives.ReadUInt16BigEndian(curve[12..]) / 256.0 : 1.0;
        for (int value = 0; value < linear.Length; value++)
        {
            double x = value / 255.0;
            if (count < 2)
            {
                linear[value] = (float)Math.Pow(x, gamma);
                continue;
            }

            double place = x * (count - 1);
            int below = Math.Min((int)place, (int)count - 2);
            double low = BinaryPrimitives.ReadUInt16BigEndian(curve[(12 + (below * 2))..]);
            double high = BinaryPrimitives.ReadUInt16BigEndian(curve[(14 + (below * 2))..]);
            linear[value] = (float)((low + ((high - low) * (place - below))) / 65535.0);
        }

        return true;
    }

    private static bool TryReadParametric(ReadOnlySpan<byte> curve, Span<float> linear)
    {
        int kind = BinaryPrimitives.ReadUInt16BigEndian(curve[8..]);
        ReadOnlySpan<byte> counts = [1, 3, 4, 5, 7];
        if (kind >= counts.Length || curve.Length < 12 + (counts[kind] * 4)) { return false; }

        Span<double> p = stackalloc double[7]; // g a b c d e f
        p.Clear();
        p[1] = 1;
        for (int i = 0; i < counts[kind]; i++) { p[i] = Fixed(curve[(12 + (i * 4))..]); }

        // Linear below the break, a power above it: kinds 1 and 2 break at −b / a, the others at d.
        double breakAt = kind is 1 or 2 ? -p[2] / p[1] : kind == 0 ? double.NegativeInfinity : p[4];
        (double slope, double foot, double lift) =
            kind switch { 1 => (0, 0, 0), 2 => (0, p[3], p[3]), 3 => (p[3], 0, 0), 4 => (p[3], p[6], p[5]), _ => (0.0, 0.0, 0.0) };
        for (int value = 0; value < linear.Length; value++)
        {
            double x = value / 255.0;
            double light = x >= breakAt ? Math.Pow((p[1] * x) + p[2], p[0]) + lift : (slope * x) + foot;
            if (!double.IsFinite(light)) { return false; }
            linear[value] = (float)Math.Clamp(light, 0, 1);
        }

        return true;
    }
}
