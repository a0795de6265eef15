using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Colour;
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
            using JpegDecoder? decoder = Open(body, header, deadline);
            if (decoder is null) { return null; }

            pixels = DecodedPixels.Allocate(decoder.Width, decoder.Height, decoder.Components, cmyk: decoder.Components == 4);
            for (int y = 0; y < pixels.Height; y++) { decoder.ReadRows(pixels.Row(y), deadline); }
            Check(decoder);
            if (decoder.Components == 4) { Invert(pixels); }
            whole = true;
            return pixels;
        }
        catch (OperationCanceledException)
        {
            throw TooLong();
        }
        finally
        {
            if (!whole) { pixels?.Dispose(); }
        }
    }

    /// <summary>Decodes a grey or RGB file and gives its rows to sinks: no copy of the whole picture, and only the columns that they need.</summary>
    /// <param name="body">The file; it must not change meanwhile.</param>
    /// <param name="header">Its header, which the rules accepted.</param>
    /// <param name="colours">Converts the samples to sRGB; null when they are.</param>
    /// <param name="begin">Makes the sinks; called once the file is known to be of a kind that we decode.</param>
    /// <param name="deadline">Checked at each row of blocks.</param>
    /// <returns>False when the file is of another kind; <paramref name="begin"/> was not called then.</returns>
    /// <exception cref="DecodeException">Pixels are lost, or the deadline passed; the sinks have taken rows.</exception>
    public static bool TryStream(
        ReadOnlyMemory<byte> body, in ImageHeader header, IccMatrix? colours, Func<IRowSink[]> begin, CancellationToken deadline)
    {
        try
        {
            using JpegDecoder? decoder = Open(body, header, deadline);
            if (decoder is not { Components: 1 or 3 }) { return false; }

            Stream(decoder, decoder.Components == 3 ? colours : null, begin(), deadline);
            Check(decoder);
            return true;
        }
        catch (OperationCanceledException)
        {
            throw TooLong();
        }
    }

    /// <summary>A decoder that is ready for its first row; null when the file is of a kind that is left to libvips.</summary>
    private static JpegDecoder? Open(ReadOnlyMemory<byte> body, in ImageHeader header, CancellationToken deadline)
    {
        JpegDecoder? decoder = null;
        bool ready = false;
        try
        {
            decoder = JpegDecoder.Open(body, new JpegLimits(header.Pixels, MostScans));
            if (decoder.Width != header.Width || decoder.Height != header.Height)
            {
                throw new DecodeException($"The header says {header.Width} × {header.Height}, the decoder {decoder.Width} × {decoder.Height}.");
            }

            decoder.Prepare(deadline);
            ready = true;
            return decoder;
        }
        catch (JpegException e) when (e.Kind == JpegErrorKind.NotSupported)
        {
            return null;
        }
        catch (JpegException e)
        {
            throw new DecodeException(e.Message);
        }
        finally
        {
            if (!ready) { decoder?.Dispose(); }
        }
    }

    private static void Stream(JpegDecoder decoder, IccMatrix? colours, IRowSink[] sinks, CancellationToken deadline)
    {
        int length = decoder.Width * 3, room = length + Picture.Slack;
        byte[] rows = ArrayPool<byte>.Shared.Rent((2 * room) + decoder.Stride);
        try
        {
            Span<byte> grey = rows.AsSpan(2 * room, decoder.Stride);
            bool hadPrevious = false;
            for (int y = 0; y < decoder.Height; y++)
            {
                Columns columns = default;
                foreach (IRowSink sink in sinks) { columns = columns.And(sink.ColumnsOf(y)); }

                Span<byte> row = rows.AsSpan((y & 1) * room, room), needed = row[(columns.First * 3)..(columns.End * 3)];
                if (decoder.Components == 3)
                {
                    decoder.ReadRow(columns, row[..length], deadline);
                    colours?.ToSrgb(needed);
                }
                else
                {
                    decoder.ReadRow(columns, grey, deadline);
                    RowReaders.Grey(grey[columns.First..columns.End], needed);
                }

                ReadOnlySpan<byte> previous = hadPrevious ? rows.AsSpan(((y & 1) ^ 1) * room, room) : default;
                foreach (IRowSink sink in sinks)
                {
                    if (!sink.ColumnsOf(y).IsEmpty) { sink.Add(y, row, previous); }
                }

                hadPrevious = !columns.IsEmpty;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rows);
        }
    }

    private static void Check(JpegDecoder decoder)
    {
        if (!decoder.Warnings.PixelsWhole) { throw new DecodeException($"Pixels are lost: {string.Join("; ", decoder.Warnings.All)}."); }
    }

    private static DecodeException TooLong() => new("The decode took too long.");

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
