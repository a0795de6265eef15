namespace LaionStream.Models.Pictures.Pixels;

/// <summary>A view of a decoded picture as 8-bit RGB: rows are converted as they are read, so that there is no second copy of the whole picture.</summary>
/// <param name="pixels">The decoded pixels; the caller keeps ownership.</param>
/// <param name="reader">Converts a row; null when the pixels are 8-bit RGB already.</param>
internal sealed class Picture(DecodedPixels pixels, RowReader? reader)
{
    /// <summary>Bytes after a row that may be read (but not used): vector loads cross its end.</summary>
    public const int Slack = 32;

    /// <summary>Width in pixels.</summary>
    public int Width => pixels.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => pixels.Height;

    /// <summary>Bytes of scratch that <see cref="Row"/> needs.</summary>
    public int ScratchBytes => (Width * 3) + Slack;

    /// <summary>One row as RGB, followed by <see cref="Slack"/> readable bytes; a part of the picture if possible, else of the scratch.</summary>
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
