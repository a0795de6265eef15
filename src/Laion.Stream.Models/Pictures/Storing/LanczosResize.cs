using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>Enlarges a picture bit-identical to OpenCV's <c>INTER_LANCZOS4</c>: eight by eight neighbours, fixed-point weights, one rounding.</summary>
internal static class LanczosResize
{
    private const int Shift = 2 * LanczosWeights.Bits;

    /// <summary>Enlarges a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="to">RGB, of any size.</param>
    public static void Resize(Picture picture, DecodedPixels to)
    {
        var across = new LanczosWeights(picture.Width, to.Width);
        var down = new LanczosWeights(picture.Height, to.Height);
        int[][] ring = [.. Enumerable.Range(0, LanczosWeights.Taps).Select(_ => new int[to.Width * 3])];
        int[] held = [.. Enumerable.Repeat(-1, LanczosWeights.Taps)];
        byte[] scratch = new byte[picture.ScratchBytes];
        for (int y = 0; y < to.Height; y++)
        {
            ReadOnlySpan<int> rows = down.Positions(y);
            foreach (int row in rows)
            {
                int place = row % LanczosWeights.Taps; // eight consecutive rows never share a slot
                if (held[place] == row) { continue; }

                Stretch(picture.Row(row, scratch), across, ring[place]);
                held[place] = row;
            }

            Mix(ring, rows, down.Of(y), to.Row(y));
        }
    }

    private static void Stretch(ReadOnlySpan<byte> row, LanczosWeights across, int[] to)
    {
        for (int x = 0; x < to.Length / 3; x++)
        {
            ReadOnlySpan<int> positions = across.Positions(x);
            ReadOnlySpan<short> weights = across.Of(x);
            (int red, int green, int blue) = (0, 0, 0);
            for (int tap = 0; tap < LanczosWeights.Taps; tap++)
            {
                int from = positions[tap] * 3;
                red += row[from] * weights[tap];
                green += row[from + 1] * weights[tap];
                blue += row[from + 2] * weights[tap];
            }

            (to[x * 3], to[(x * 3) + 1], to[(x * 3) + 2]) = (red, green, blue);
        }
    }

    private static void Mix(int[][] ring, ReadOnlySpan<int> rows, ReadOnlySpan<short> weights, Span<byte> to)
    {
        for (int x = 0; x < to.Length; x++)
        {
            long sum = 1L << (Shift - 1);
            for (int tap = 0; tap < LanczosWeights.Taps; tap++) { sum += (long)ring[rows[tap] % LanczosWeights.Taps][x] * weights[tap]; }

            to[x] = (byte)Math.Clamp(sum >> Shift, 0, 255);
        }
    }
}
