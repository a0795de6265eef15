using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.JpegEncoding;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>
/// Makes the picture that a dataset stores from decoded pixels: upright, sRGB, alpha on white, resized, encoded. Safe to use from several threads.
/// </summary>
/// <param name="options">Size and encoding.</param>
/// <param name="library">The encoder.</param>
internal sealed class PictureStorage(ResizeOptions options, PictureLibrary library = PictureLibrary.Vips)
{
    /// <summary>
    /// Upper limit of the bytes that <see cref="Make"/> needs in addition to the decoded pixels: the resized picture, a rotated or padded copy, and the file.
    /// </summary>
    /// <param name="header">The file's header.</param>
    public long MostBytes(in ImageHeader header)
    {
        StoredShape shape = ShapeOf(header);
        long pixels = Math.Max((long)shape.Width * shape.Height, (long)shape.OutWidth * shape.OutHeight);
        long encoder = library == PictureLibrary.ImageSharp && options.Format == StoredFormat.Webp ? pixels * SharpEncoder.WebpBytesPerPixel : 0;
        long taken = pixels > header.Pixels ? header.Pixels * 3 : 0; // a picture to enlarge is kept
        long band = options.Format == StoredFormat.Jpg ? (long)shape.OutWidth * JpegEncoder.BytesPerColumn : 0;
        long sums = ((long)header.Width + shape.Width + shape.Height) * AreaRows.BytesPerColumn;
        return (pixels * 3 * (header.Orientation > 1 ? 3 : 2)) + taken + encoder + band + sums;
    }

    /// <summary>Makes the file of a decoded picture.</summary>
    /// <param name="stored">The pixels as decoded; the caller keeps ownership.</param>
    /// <param name="header">The file's header.</param>
    /// <exception cref="EncodeException">The picture cannot be encoded.</exception>
    public StoredFile Make(DecodedPixels stored, in ImageHeader header)
    {
        using StoredRows rows = Begin(header, stored.Width, stored.Height);
        RowPass.Run(UprightPicture.Of(stored), rows);
        return Finish(rows, header);
    }

    /// <summary>Begins a picture whose rows are still to come, in the file's own orientation.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="width">Width of the decoded picture.</param>
    /// <param name="height">Height of the decoded picture.</param>
    public StoredRows Begin(in ImageHeader header, int width, int height)
    {
        StoredShape shape = ShapeOf(header);
        (int storedWidth, int storedHeight) = Orientation.Of(header.Orientation).Shown(shape.Width, shape.Height);
        return new StoredRows(width, height, storedWidth, storedHeight); // turned upright after the resize, when the picture is smaller
    }

    /// <summary>Makes the file, after the last row.</summary>
    /// <param name="rows">The result of <see cref="Begin"/>; the caller keeps ownership.</param>
    /// <param name="header">The file's header.</param>
    /// <exception cref="EncodeException">The picture cannot be encoded.</exception>
    public StoredFile Finish(StoredRows rows, in ImageHeader header)
    {
        StoredShape shape = ShapeOf(header);
        using DecodedPixels resized = rows.Finish();
        Orientation orientation = Orientation.Of(header.Orientation);
        if (orientation == default) { return Frame(resized, shape); }

        var view = new Picture(resized, null);
        using DecodedPixels turned = orientation.Upright(view, new byte[view.ScratchBytes]);
        return Frame(turned, shape);
    }

    private byte[] Encode(DecodedPixels picture)
    {
        if (options.Format != StoredFormat.Jpg)
        {
            return library == PictureLibrary.Vips ? VipsEncoder.Encode(picture, options) : SharpEncoder.Encode(picture, options);
        }

        return Math.Max(picture.Width, picture.Height) <= JpegEncoder.MostSide
            ? JpegEncoder.Encode(picture, options.Quality)
            : throw new EncodeException($"A picture of {picture.Width} × {picture.Height} pixels cannot be encoded as jpg: "
                + $"a side may have at most {JpegEncoder.MostSide}", null);
    }

    private StoredShape ShapeOf(in ImageHeader header)
    {
        (int width, int height) = Orientation.Of(header.Orientation).Shown(header.Width, header.Height);
        return StoredShape.Of(width, height, options);
    }

    /// <summary>Crops to the centre or adds a white border, as the shape requires, and encodes.</summary>
    private StoredFile Frame(DecodedPixels picture, StoredShape shape)
    {
        if (shape.OutWidth == picture.Width && shape.OutHeight == picture.Height)
        {
            return new StoredFile(Encode(picture), picture.Width, picture.Height);
        }

        using DecodedPixels framed = DecodedPixels.Allocate(shape.OutWidth, shape.OutHeight, 3);
        int left = (shape.OutWidth - picture.Width) / 2; // negative: cropped
        int top = (shape.OutHeight - picture.Height) / 2;
        for (int y = 0; y < framed.Height; y++)
        {
            Span<byte> to = framed.Row(y);
            if (left > 0 || top > 0) { to.Fill(255); }
            if (y - top < 0 || y - top >= picture.Height) { continue; }

            ReadOnlySpan<byte> from = picture.Row(y - top);
            int width = Math.Min(from.Length, to.Length);
            from.Slice(Math.Max(0, -left) * 3, width).CopyTo(to[(Math.Max(0, left) * 3)..]);
        }

        return new StoredFile(Encode(framed), framed.Width, framed.Height);
    }
}
