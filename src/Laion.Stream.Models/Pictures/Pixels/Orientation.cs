namespace LaionStream.Models.Pictures.Pixels;

/// <summary>Applies a picture's EXIF orientation (Exif 2.32, 4.6.4: where the stored first row and column are shown).</summary>
internal static class Orientation
{
    /// <summary>Whether width and height are swapped.</summary>
    public static bool Transposes(int orientation) => orientation >= 5;

    /// <summary>Makes an upright RGB copy.</summary>
    /// <param name="stored">The picture as stored.</param>
    /// <param name="orientation">2 to 8.</param>
    /// <param name="scratch">At least <see cref="Picture.ScratchBytes"/>.</param>
    public static DecodedPixels Upright(Picture stored, int orientation, Span<byte> scratch)
    {
        (int width, int height) = Transposes(orientation) ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        DecodedPixels upright = DecodedPixels.Allocate(width, height, 3);
        bool mirrorX = orientation is 2 or 3 or 7 or 8;
        bool mirrorY = orientation is 3 or 4 or 6 or 7;
        for (int y = 0; y < stored.Height; y++)
        {
            ReadOnlySpan<byte> row = stored.Row(y, scratch)[..(stored.Width * 3)];
            int toY = mirrorY ? stored.Height - 1 - y : y;
            if (Transposes(orientation))
            {
                for (int x = 0; x < stored.Width; x++)
                {
                    int toX = mirrorX ? stored.Width - 1 - x : x;
                    row.Slice(x * 3, 3).CopyTo(upright.Row(toX)[(toY * 3)..]);
                }
            }
            else if (mirrorX)
            {
                Span<byte> to = upright.Row(toY);
                for (int x = 0; x < stored.Width; x++) { row.Slice(x * 3, 3).CopyTo(to[((stored.Width - 1 - x) * 3)..]); }
            }
            else
            {
                row.CopyTo(upright.Row(toY));
            }
        }

        return upright;
    }
}
