using System.IO.Compression;
using LaionStream.Models.Pictures.Colour;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Png;

/// <summary>
/// Decodes PNGs in managed code. ImageSharp 2.1.13 is not used for them: it does not return from valid interlaced files of one pixel, and cannot read data
/// that are divided between chunks in unusual places.
/// </summary>
internal static class PngPixels
{
    /// <summary>Decodes a file if all its rows are there. A fault of the zlib stream behind them does not matter.</summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header, which the rules accepted.</param>
    /// <param name="colours">How the samples are converted to sRGB.</param>
    /// <param name="deadline">Checked at each row.</param>
    /// <exception cref="DecodeException">Rows are missing, a checksum is wrong, or the deadline passed.</exception>
    public static DecodedPixels Decode(ReadOnlyMemory<byte> body, in ImageHeader header, IccMatrix? colours, CancellationToken deadline)
    {
        PngHead head = PngHead.Read(body.Span, header);
        var samples = new PngSamples(header, head);
        using PngData data = PngData.Open(body) ?? throw new DecodeException("A checksum is wrong, or there are no data.");
        using var stream = new DeflateStream(data, CompressionMode.Decompress);
        DecodedPixels pixels =
            DecodedPixels.Allocate(header.Width, header.Height, samples.Bands, samples.BytesPerSample, cmyk: false, samples.Bands >= 3 ? colours : null);
        bool whole = false;
        try
        {
            if (header.Buffered) { ReadPasses(stream, header, samples, pixels, deadline); }
            else { ReadRows(stream, header, samples, pixels.Width, pixels.Height, pixels, (1, 1, 0, 0), deadline); }

            whole = true;
            return pixels;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DecodeException($"Rows are missing: {e.Message}");
        }
        finally
        {
            if (!whole) { pixels.Dispose(); }
        }
    }

    private static void ReadPasses(Stream stream, in ImageHeader header, PngSamples samples, DecodedPixels pixels, CancellationToken deadline)
    {
        foreach ((int x, int y, int right, int down) in PngRows.Passes)
        {
            // A pass without a column has no rows either.
            (int width, int height) = ((header.Width - x + right - 1) / right, (header.Height - y + down - 1) / down);
            if (width > 0 && height > 0) { ReadRows(stream, header, samples, width, height, pixels, (right, down, x, y), deadline); }
        }
    }

    private static void ReadRows(Stream stream, in ImageHeader header, PngSamples samples, int width, int height, DecodedPixels pixels,
        (int Right, int Down, int X, int Y) place, CancellationToken deadline)
    {
        int bits = header.Components * header.BitsPerComponent, pixel = samples.Bands * samples.BytesPerSample;
        int length = checked((int)((((long)width * bits) + 7) / 8));
        byte[] row = new byte[length + 1], above = new byte[length + 1];
        byte[] converted = place.Right == 1 ? [] : new byte[width * pixel];
        for (int y = 0; y < height; y++)
        {
            if (deadline.IsCancellationRequested) { throw new DecodeException("The decode took too long."); }

            stream.ReadExactly(row);
            bool known = PngFilters.TryUndo(row[0], row.AsSpan(1), above.AsSpan(1), Math.Max(1, bits / 8));
            if (!known) { throw new DecodeException($"There is no filter {row[0]}."); }

            Span<byte> to = pixels.Row(place.Y + (y * place.Down));
            if (place.Right == 1) { samples.Convert(row.AsSpan(1), to); }
            else
            {
                samples.Convert(row.AsSpan(1), converted);
                for (int x = 0; x < width; x++) { converted.AsSpan(x * pixel, pixel).CopyTo(to[((place.X + (x * place.Right)) * pixel)..]); }
            }

            (row, above) = (above, row);
        }
    }
}
