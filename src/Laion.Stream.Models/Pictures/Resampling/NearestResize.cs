using System.Buffers;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// PIL's nearest-neighbour resize: positions are summed in double starting with half a step, and truncated (python-pillow src/libImaging/Geometry.c).
/// </summary>
internal static class NearestResize
{
    /// <summary>Shorter side to <paramref name="size"/>, centre crop.</summary>
    public static void FitInto(Picture picture, int size, Span<byte> rgb)
    {
        CropShape shape = CropShape.ShorterSide(picture.Width, picture.Height, size);
        int[] columns = Positions(picture.Width, shape.Width, shape.Left, size);
        int[] rows = Positions(picture.Height, shape.Height, shape.Top, size);
        byte[] scratch = ArrayPool<byte>.Shared.Rent(picture.ScratchBytes);
        for (int y = 0; y < size; y++)
        {
            ReadOnlySpan<byte> row = picture.Row(rows[y], scratch);
            Span<byte> to = rgb.Slice(y * size * 3, size * 3);
            for (int x = 0; x < size; x++) { row.Slice(columns[x] * 3, 3).CopyTo(to[(x * 3)..]); }
        }

        ArrayPool<byte>.Shared.Return(scratch);
    }

    private static int[] Positions(int inputs, int outputs, int first, int count)
    {
        var positions = new int[count];
        double step = (double)inputs / outputs;
        double place = step * 0.5;
        for (int i = 0; i < first + count; i++, place += step)
        {
            if (i >= first) { positions[i - first] = Math.Min((int)place, inputs - 1); }
        }

        return positions;
    }
}
