using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Models.Pictures.Colour;

/// <summary>
/// An RGB profile of three curves and a matrix (ICC.1:2022, 8.3.3), as a conversion to sRGB: curve tables, one matrix, one table back.
/// Relative colorimetric: both white points are the connection space's D50. Profiles with look-up tables are not supported here.
/// lcms, which <c>ImageDecoder</c> uses through libvips for the others, is not used because it makes a converted copy of the picture, while this converts rows
/// in place, from either decoder; and a profile that changes no sample by more than one level costs nothing.
/// </summary>
internal sealed class IccMatrix
{
    /// <summary>Entries of the table from linear light to 8-bit sRGB: its resolution is half of its steepest step.</summary>
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
    /// <param name="matrix">The conversion; null when it would change no sample by more than one level.</param>
    /// <returns>False for anything but a valid RGB profile of curves and a matrix.</returns>
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
    /// <param name="vectorise">False selects the scalar code, for tests and processors without AVX2.</param>
    public void ToSrgb(Span<byte> rgb, bool vectorise = true)
    {
        if (vectorise && Avx2.IsSupported) { rgb = rgb[ToSrgbVectors(rgb)..]; }

        ReadOnlySpan<float> linear = _linear;
        float m0 = _matrix[0], m1 = _matrix[1], m2 = _matrix[2], m3 = _matrix[3], m4 = _matrix[4], m5 = _matrix[5], m6 = _matrix[6], m7 = _matrix[7], m8 =
            _matrix[8];
        for (int i = 0; i + 2 < rgb.Length; i += 3)
        {
            Span<byte> pixel = rgb.Slice(i, 3);
            float r = linear[pixel[0]], g = linear[256 + pixel[1]], b = linear[512 + pixel[2]];
            pixel[0] = Encode((m0 * r) + (m1 * g) + (m2 * b));
            pixel[1] = Encode((m3 * r) + (m4 * g) + (m5 * b));
            pixel[2] = Encode((m6 * r) + (m7 * g) + (m8 * b));
        }
    }

    /// <summary>Eight pixels at a time, with the same operations in the same order: the bytes equal those of the scalar code.</summary>
    /// <returns>Bytes converted.</returns>
    private unsafe int ToSrgbVectors(Span<byte> rgb)
    {
        const int Pixels = 8;
        Vector256<int> places = Vector256.Create(0, 3, 6, 9, 12, 15, 18, 21);
        Vector256<int> level = Vector256.Create(0xFF);
        Vector256<byte> packed =
            Vector256.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 128, 128, 128, 128, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 128, 128, 128, 128);
        Matrix matrix = new(_matrix);
        int at = 0;
        fixed (byte* samples = rgb, back = Back)
        fixed (float* linear = _linear)
        {
            // The last of the eight loads reads one byte of the pixel after them.
            for (; at + (Pixels * 3) < rgb.Length; at += Pixels * 3)
            {
                Vector256<int> pixels = Avx2.GatherVector256((int*)(samples + at), places, 1);
                Vector256<float> r = Avx2.GatherVector256(linear, pixels & level, sizeof(float));
                Vector256<float> g = Avx2.GatherVector256(linear + 256, (pixels >> 8) & level, sizeof(float));
                Vector256<float> b = Avx2.GatherVector256(linear + 512, (pixels >> 16) & level, sizeof(float));
                Vector256<int> red = Encode((matrix.M0 * r) + (matrix.M1 * g) + (matrix.M2 * b), back);
                Vector256<int> green = Encode((matrix.M3 * r) + (matrix.M4 * g) + (matrix.M5 * b), back);
                Vector256<int> blue = Encode((matrix.M6 * r) + (matrix.M7 * g) + (matrix.M8 * b), back);
                Vector256<byte> bytes = Avx2.Shuffle((red | (green << 8) | (blue << 16)).AsByte(), packed);

                // No byte beyond the eight pixels may be written: what follows has not been read yet.
                bytes.GetLower().Store(samples + at);
                *(ulong*)(samples + at + 12) = bytes.GetUpper().AsUInt64()[0];
                *(uint*)(samples + at + 20) = bytes.GetUpper().AsUInt32()[2];
            }
        }

        return at;
    }

    private static unsafe Vector256<int> Encode(Vector256<float> light, byte* back)
    {
        // For NaN this maximum returns its second operand: a damaged profile must not index outside the table.
        Vector256<float> clamped = Avx.Min(Avx.Max(light, Vector256<float>.Zero), Vector256<float>.One);
        Vector256<int> place = Avx.ConvertToVector256Int32WithTruncation((clamped * Vector256.Create((float)(BackEntries - 1))) + Vector256.Create(0.5f));
        return Avx2.GatherVector256((int*)back, place, 1) & Vector256.Create(0xFF);
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
        var table = new byte[BackEntries + sizeof(int) - 1]; // four bytes are read at each position
        for (int i = 0; i < BackEntries; i++)
        {
            double light = (double)i / (BackEntries - 1);
            double encoded = light <= 0.0031308 ? 12.92 * light : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055;
            table[i] = (byte)((encoded * 255) + 0.5);
        }

        return table;
    }

    /// <summary>The matrix, each number repeated across a vector.</summary>
    private readonly struct Matrix(float[] m)
    {
        public readonly Vector256<float> M0 = Vector256.Create(m[0]), M1 = Vector256.Create(m[1]), M2 = Vector256.Create(m[2]);
        public readonly Vector256<float> M3 = Vector256.Create(m[3]), M4 = Vector256.Create(m[4]), M5 = Vector256.Create(m[5]);
        public readonly Vector256<float> M6 = Vector256.Create(m[6]), M7 = Vector256.Create(m[7]), M8 = Vector256.Create(m[8]);
    }
}
