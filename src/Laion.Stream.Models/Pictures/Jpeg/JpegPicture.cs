using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>A JPEG file's pixels in pooled native memory, rows without padding. Dispose returns the memory, once.</summary>
internal sealed unsafe class JpegPicture : IDisposable
{
    private readonly int _stride;
    private nint _memory;

    /// <summary>Allocates memory for the picture of an open decoder.</summary>
    public JpegPicture(JpegDecoder decoder)
    {
        (Width, Height, Components, ColourSpace, Adobe) = (decoder.Width, decoder.Height, decoder.Components, decoder.ColourSpace, decoder.Adobe);
        (_stride, Warnings) = (decoder.Stride, decoder.Warnings);
        _memory = PixelMemory.Rent((long)_stride * Height);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Bytes per pixel: 1 grey, 3 RGB, 4 CMYK as in libjpeg.</summary>
    public int Components { get; }

    /// <summary>The colour space of the file's components.</summary>
    public JpegColourSpace ColourSpace { get; }

    /// <summary>Whether there is an Adobe segment: four inks are then stored inverted (255 = none).</summary>
    public bool Adobe { get; }

    /// <summary>The irregularities.</summary>
    public JpegWarningLog Warnings { get; }

    /// <summary>A row of pixels.</summary>
    public Span<byte> Row(int row)
    {
        ObjectDisposedException.ThrowIf(_memory == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Height);
        return new Span<byte>((byte*)_memory + ((long)row * _stride), _stride);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_memory == 0) { return; }
        PixelMemory.Return(_memory, (long)_stride * Height);
        _memory = 0;
    }
}
