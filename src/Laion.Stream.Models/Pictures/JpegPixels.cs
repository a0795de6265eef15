using System.Numerics;
using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Jpeg;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures;

/// <summary>Decodes JPEGs with our own decoder.</summary>
internal static class JpegPixels
{
    /// <summary>Ten times the scans of a file with one scan per band and bit of three components; <c>ImageRules</c> limits the pixels of all scans.</summary>
    private const int MostScans = 1000;

    /// <summary>Decodes a file if all its pixels are intact.</summary>
    /// <param name="body">The file; it must not change meanwhile.</param>
    /// <param name="header">Its header, which the rules accepted.</param>
    /// <param name="deadline">Checked at each row of blocks.</param>
    /// <returns>Grey, RGB, or inks with 255 = full; null when the file is of a kind that is left to libvips.</returns>
    /// <exception cref="DecodeException">Pixels are lost, or the deadline passed.</exception>
    public static DecodedPixels? Decode(ReadOnlyMemory<byte> body, in ImageHeader header, CancellationToken deadline)
    {
        DecodedPixels? pixels = null;
        bool whole = false;
        try
        {
            using JpegDecoder decoder = JpegDecoder.Open(body, new JpegLimits(header.Pixels, MostScans));
            if (decoder.Width != header.Width || decoder.Height != header.Height)
            {
                throw new DecodeException($"The header says {header.Width} × {header.Height}, the decoder {decoder.Width} × {decoder.Height}.");
            }

            pixels = DecodedPixels.Allocate(decoder.Width, decoder.Height, decoder.Components, cmyk: decoder.Components == 4);
            for (int y = 0; y < pixels.Height; y++) { decoder.ReadRows(pixels.Row(y), deadline); }
            if (!decoder.Warnings.PixelsWhole) { throw new DecodeException($"Pixels are lost: {string.Join("; ", decoder.Warnings.All)}."); }
            if (decoder.Components == 4) { Invert(pixels); }
            whole = true;
            return pixels;
        }
        catch (JpegException e) when (e.Kind == JpegErrorKind.NotSupported)
        {
            return null;
        }
        catch (JpegException e)
        {
            throw new DecodeException(e.Message);
        }
        catch (OperationCanceledException)
        {
            throw new DecodeException("The decode took too long.");
        }
        finally
        {
            if (!whole) { pixels?.Dispose(); }
        }
    }

    /// <summary>Adobe's programs store inks inverted; browsers and PIL read every file that way, with Adobe's segment or without.</summary>
    private static void Invert(DecodedPixels pixels)
    {
        for (int y = 0; y < pixels.Height; y++)
        {
            Span<byte> row = pixels.Row(y);
            Span<Vector<byte>> vectors = MemoryMarshal.Cast<byte, Vector<byte>>(row);
            foreach (ref Vector<byte> vector in vectors) { vector = ~vector; }
            foreach (ref byte sample in row[(vectors.Length * Vector<byte>.Count)..]) { sample = (byte)~sample; }
        }
    }
}
