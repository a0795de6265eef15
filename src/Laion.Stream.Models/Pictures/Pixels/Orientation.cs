namespace LaionStream.Models.Pictures.Pixels;

/// <summary>How a picture is shown according to its EXIF orientation (Exif 2.32, 4.6.4: where the stored first row and column are shown).</summary>
/// <param name="Transposes">Whether stored rows are shown as columns; width and height are swapped.</param>
/// <param name="MirrorsX">Whether the stored columns are shown in reversed order: from right to left, or when transposed from bottom to top.</param>
/// <param name="MirrorsY">Whether the stored rows are shown in reversed order.</param>
internal readonly record struct Orientation(bool Transposes, bool MirrorsX, bool MirrorsY)
{
    /// <summary>The orientation of a value of the EXIF tag; as stored for one that Exif does not define.</summary>
    public static Orientation Of(int exif) => exif is >= 2 and <= 8 ? new Orientation(exif >= 5, exif is 2 or 3 or 7 or 8, exif is 3 or 4 or 6 or 7) : default;

    /// <summary>Size as shown of a picture of a stored size.</summary>
    public (int Width, int Height) Shown(int width, int height) => Transposes ? (height, width) : (width, height);

    /// <summary>Makes an upright RGB copy.</summary>
    /// <param name="stored">The picture as stored.</param>
    /// <param name="scratch">At least <see cref="Picture.ScratchBytes"/>.</param>
    public DecodedPixels Upright(Picture stored, Span<byte> scratch)
    {
        (int width, int height) = Shown(stored.Width, stored.Height);
        DecodedPixels upright = DecodedPixels.Allocate(width, height, 3);
        for (int y = 0; y < stored.Height; y++)
        {
            ReadOnlySpan<byte> row = stored.Row(y, scratch)[..(stored.Width * 3)];
            int toY = MirrorsY ? stored.Height - 1 - y : y;
            if (!Transposes)
            {
                Span<byte> to = upright.Row(toY);
                row.CopyTo(to);
                if (MirrorsX) { Mirror(to); }
                continue;
            }

            for (int x = 0; x < stored.Width; x++)
            {
                int toX = MirrorsX ? stored.Width - 1 - x : x;
                row.Slice(x * 3, 3).CopyTo(upright.Row(toX)[(toY * 3)..]);
            }
        }

        return upright;
    }

    /// <summary>Reverses the order of a row's RGB pixels.</summary>
    public static void Mirror(Span<byte> row)
    {
        row.Reverse(); // samples too, which the next lines put back
        for (int x = 0; x + 2 < row.Length; x += 3) { (row[x], row[x + 2]) = (row[x + 2], row[x]); }
    }
}
