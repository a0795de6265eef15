using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures.Png;

/// <summary>Converts a PNG's rows to samples of 8 or 16 bits: grey, grey and alpha, RGB, or RGB and alpha. Palettes and colour keys are resolved.</summary>
/// <param name="header">The file's header.</param>
/// <param name="head">Its palette and transparency.</param>
internal sealed class PngSamples(ImageHeader header, PngHead head)
{
    private readonly bool _hasKey = !header.Indexed && head.Transparency is not null;
    private readonly int _bits = header.BitsPerComponent;

    /// <summary>Samples of a pixel.</summary>
    public int Bands { get; } = (header.Indexed ? 3 : header.Components) + (head.Transparency is null ? 0 : 1);

    /// <summary>1 or 2.</summary>
    public int BytesPerSample { get; } = header.BitsPerComponent > 8 ? 2 : 1;

    /// <summary>Converts one row.</summary>
    /// <param name="row">The row as stored, without its filter byte.</param>
    /// <param name="to">Whole pixels.</param>
    public void Convert(ReadOnlySpan<byte> row, Span<byte> to)
    {
        if (header.Indexed) { FromPalette(row, to); }
        else if (_bits == 16) { FromWide(row, MemoryMarshal.Cast<byte, ushort>(to)); }
        else if (_bits < 8 || _hasKey) { FromBytes(row, to); }
        else { row[..to.Length].CopyTo(to); }
    }

    private int Sample(ReadOnlySpan<byte> row, int place)
    {
        if (_bits == 8) { return row[place]; }

        int bit = place * _bits;
        return (row[bit >> 3] >> (8 - _bits - (bit & 7))) & ((1 << _bits) - 1);
    }

    private void FromPalette(ReadOnlySpan<byte> row, Span<byte> to)
    {
        ReadOnlySpan<byte> palette = head.Palette, alphas = head.Transparency;
        for (int x = 0; x < to.Length / Bands; x++)
        {
            int colour = Sample(row, x);
            Span<byte> pixel = to.Slice(x * Bands, Bands);
            palette.Slice(colour * 3, 3).CopyTo(pixel);
            if (Bands == 4) { pixel[3] = colour < alphas.Length ? alphas[colour] : (byte)255; }
        }
    }

    /// <summary>Grey of fewer bits, and 8 bits with a colour key.</summary>
    private void FromBytes(ReadOnlySpan<byte> row, Span<byte> to)
    {
        int scale = 255 / ((1 << _bits) - 1), components = header.Components;
        ReadOnlySpan<byte> key = head.Transparency;
        for (int x = 0; x < to.Length / Bands; x++)
        {
            Span<byte> pixel = to.Slice(x * Bands, Bands);
            bool isKey = _hasKey;
            for (int i = 0; i < components; i++)
            {
                int sample = Sample(row, (x * components) + i);
                isKey = isKey && sample == (key[(i * 2) + 1] & ((1 << _bits) - 1));
                pixel[i] = (byte)(sample * scale);
            }

            if (_hasKey) { pixel[components] = isKey ? (byte)0 : (byte)255; }
        }
    }

    private void FromWide(ReadOnlySpan<byte> row, Span<ushort> to)
    {
        int components = header.Components;
        ReadOnlySpan<byte> key = head.Transparency;
        for (int x = 0; x < to.Length / Bands; x++)
        {
            Span<ushort> pixel = to.Slice(x * Bands, Bands);
            bool isKey = _hasKey;
            for (int i = 0; i < components; i++)
            {
                pixel[i] = BinaryPrimitives.ReadUInt16BigEndian(row[(((x * components) + i) * 2)..]);
                isKey = isKey && pixel[i] == BinaryPrimitives.ReadUInt16BigEndian(key[(i * 2)..]);
            }

            if (_hasKey) { pixel[components] = isKey ? (ushort)0 : ushort.MaxValue; }
        }
    }
}
