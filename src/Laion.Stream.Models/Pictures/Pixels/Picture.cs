namespace LaionStream.Models.Pictures.Pixels;

/// <summary>A decoded picture seen as 8-bit RGB: rows are converted as they are read, so that no second copy of the whole picture exists.</summary>
/// <param name="pixels">The pixels as decoded; stays the caller's.</param>
/// <param name="reader">Converts a row; null where the pixels are 8-bit RGB already.</param>
internal sealed class Picture(DecodedPixels pixels, RowReader? reader)
{
    /// <summary>Bytes behind a row that may be read (not used): vector loads run over its end.</summary>
    public const int Slack = 32;

    /// <summary>Pixels across.</summary>
    public int Width => pixels.Width;

    /// <summary>Pixels down.</summary>
    public int Height => pixels.Height;

    /// <summary>Bytes of scratch that <see cref="Row"/> wants.</summary>
    public int ScratchBytes => (Width * 3) + Slack;

    /// <summary>One row as RGB with <see cref="Slack"/> readable bytes behind it; points into the picture where that is possible, else into the scratch.</summary>
    public ReadOnlySpan<byte> Row(int y, Span<byte> scratch)
    {
        if (reader is null)
        {
            ReadOnlySpan<byte> direct = pixels.RowWithSlack(y, Slack);
            if (!direct.IsEmpty) { return direct; }
            pixels.Row(y).CopyTo(scratch);
        }
        else
        {
            reader(pixels.Row(y), scratch[..(Width * 3)]);
        }

        return scratch[..ScratchBytes];
    }
}
