
namespace LaionStream.Engine.Imaging;

/// <summary>
/// An RGB profile of three curves and a matrix (ICC.1:2022, 8.3.3), turned into a conversion to sRGB: curve tables, one matrix, one table back.
/// Relative colorimetric: both white points are the connection space's D50. Profiles of look-up tables are not read here.
/// </summary>
internal sealed class IccMatrix
{
    /// <summary>Entries of the table from linear light to 8-bit sRGB: fine enough for half of its steepest step.</summary>
    private const int BackEntries = 1 << 14;

    /// <summary>XYZ relative to D50 to linear sRGB: inverse of the sRGB primaries adapted by Bradford (IEC 61966-2-1; B. Lindbloom's tables).</summary>
    private static readonly float[] FromD50 = [3.1338561f, -1.6168667f, -0.4906146f, -0.9787684f, 1.9161415f, 0.0334540f, 0.0719453f, -0.2289914f, 1.4052427f];

    private static readonly byte[] Back = MakeBack();

    private readonly float[] _linear; // 3 × 256
    private readonly float[] _matrix; // row by row

    private IccMatrix(float[] linear, float[] matrix)
    {
        _linear = linear;
        _matrix = matrix;
    }

    /// <summary>Whether the bytes are an ICC profile for a colour space.</summary>
    /// <param name="profile">The bytes.</param>
    /// <param name="space">Four bytes, such as <c>RGB </c>.</param>
    public static bool IsProfileOf(ReadOnlySpan<byte> profile, ReadOnlySpan<byte> space) =>
        profile.Length >= 132 && profile.Slice(36, 4).SequenceEqual("acsp"u8) && profile.Slice(16, 4).SequenceEqual(space);

    /// <summary>Reads a profile.</summary>
    /// <param name="profile">The bytes.</param>
    /// <param name="matrix">The conversion; null where it would change no sample by more than one level.</param>
    /// <returns>False for anything but a sound RGB profile of curves and a matrix.</returns>
    public static bool TryRead(ReadOnlySpan<byte> profile, out IccMatrix? matrix)
    {
        matrix = null;
        if (!IsProfileOf(profile, "RGB "u8) || !profile.Slice(20, 4).SequenceEqual("XYZ "u8)) { return false; }
        if (!IccTags.Find(profile, "A2B0"u8).IsEmpty || !IccTags.Find(profile, "A2B1"u8).IsEmpty) { return false; }

        var linear = new float[3 * 256];
        Span<float> columns = stackalloc float[9];
        ReadOnlySpan<byte> names = "rgb"u8;
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<byte> colourant = IccTags.Find(profile, [names[c], (byte)'X', (byte)'Y', (byte)'Z']);
            ReadOnlySpan<byte> curve = IccTags.Find(profile, [names[c], (byte)'T', (byte)'R', (byte)'C']);
            if (colourant.Length < 20 || !IccTags.TryReadCurve(curve, linear.AsSpan(c * 256, 256))) { return false; }
            for (int row = 0; row < 3; row++) { columns[(row * 3) + c] = IccTags.Fixed(colourant[(8 + (row * 4))..]); }
        }

        var product = new float[9];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                for (int k = 0; k < 3; k++) { product[(row * 3) + column] += FromD50[(row * 3) + k] * columns[(k * 3) + column]; }
            }
        }

        var read = new IccMatrix(linear, product);
        matrix = read.ChangesLittle() ? null : read;
        return true;
    }

    /// <summary>Converts pixels in place.</summary>
    /// <param name="rgb">Interleaved, whole pixels.</param>
    public void ToSrgb(Span<byte> rgb)
    {
        ReadOnlySpan<float> linear = _linear;
        float m0 = _matrix[0], m1 = _matrix[1], m2 = _matrix[2], m3 = _matrix[3], m4 = _matrix[4], m5 = _matrix[5], m6 = _matrix[6], m7 = _matrix[7], m8 = _matrix[8];
        for (int i = 0; i + 2 < rgb.Length; i += 3)
        {
            Span<byte> pixel = rgb.Slice(i, 3);
            float r = linear[pixel[0]], g = linear[256 + pixel[1]], b = linear[512 + pixel[2]];
            pixel[0] = Encode((m0 * r) + (m1 * g) + (m2 * b));
            pixel[1] = Encode((m3 * r) + (m4 * g) + (m5 * b));
            pixel[2] = Encode((m6 * r) + (m7 * g) + (m8 * b));
        }
    }

    private static byte Encode(float light) => Back[(int)((Math.Clamp(light, 0f, 1f) * (BackEntries - 1)) + 0.5f)];

    private bool ChangesLittle()
    {
        const int Step = 17; // 16 levels per channel, black and white among them
        Span<byte> pixel = stackalloc byte[3];
        for (int r = 0; r < 256; r += Step)
        {
            for (int g = 0; g < 256; g += Step)
            {
                for (int b = 0; b < 256; b += Step)
                {
                    pixel[0] = (byte)r;
                    pixel[1] = (byte)g;
                    pixel[2] = (byte)b;
                    ToSrgb(pixel);
                    if (Math.Abs(pixel[0] - r) > 1 || Math.Abs(pixel[1] - g) > 1 || Math.Abs(pixel[2] - b) > 1) { return false; }
                }
            }
        }

        return true;
    }

    private static byte[] MakeBack()
    {
        var table = new byte[BackEntries];
        for (int i = 0; i < table.Length; i++)
        {
            double light = (double)i / (BackEntries - 1);
            double encoded = light <= 0.0031308 ? 12.92 * light : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055;
            table[i] = (byte)((encoded * 255) + 0.5);
        }

        return table;
    }
}
