using LaionStream.Models.Pictures.Colour;

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>A decoded picture in pooled native memory, top row first, bands interleaved, no padding between rows. Dispose returns the memory, once.</summary>
internal sealed unsafe class DecodedPixels : IDisposable
{
    private nint _memory;

    private DecodedPixels(int width, int height, int bands, int bytesPerSample)
    {
        Width = width;
        Height = height;
        Bands = bands;
        BytesPerSample = bytesPerSample;
        _memory = PixelMemory.Rent(Bytes);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Samples per pixel.</summary>
    public int Bands { get; }

    /// <summary>1 or 2.</summary>
    public int BytesPerSample { get; }

    /// <summary>Whether the four bands are inks, 255 = full, instead of RGB and alpha.</summary>
    public bool Cmyk { get; init; }

    /// <summary>How the samples are converted to sRGB; null when they are sRGB or the profile is not applied.</summary>
    public IccMatrix? Colours { get; private set; }

    /// <summary>Size of a row in bytes.</summary>
    public int Stride => Width * Bands * BytesPerSample;

    /// <summary>Address of the first row, for the decoder to write into.</summary>
    public nint Start => _memory;

    private long Bytes => (long)Stride * Height;

    /// <summary>Allocates a picture; the caller writes its pixels.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="bands">Samples per pixel, 1 to 4.</param>
    /// <param name="bytesPerSample">1, or 2 in the machine's byte order.</param>
    /// <param name="cmyk">Whether the four bands are inks.</param>
    /// <param name="colours">How the samples are converted to sRGB.</param>
    public static DecodedPixels Allocate(int width, int height, int bands, int bytesPerSample = 1, bool cmyk = false, IccMatrix? colours = null) =>
        new(width, height, bands, bytesPerSample) { Cmyk = cmyk, Colours = colours };

    /// <summary>The same picture with another conversion of its samples to sRGB.</summary>
    public DecodedPixels WithColours(IccMatrix? colours)
    {
        Colours = colours;
        return this;
    }

    /// <summary>One row.</summary>
    public Span<byte> Row(int y)
    {
        ObjectDisposedException.ThrowIf(_memory == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return new Span<byte>((byte*)_memory + ((long)y * Stride), Stride);
    }

    /// <summary>One row, extended by <paramref name="slack"/> readable bytes of the rows after it; empty when too little follows.</summary>
    public ReadOnlySpan<byte> RowWithSlack(int y, int slack)
    {
        long start = (long)y * Stride;
        return (long)Height * Stride - start - Stride < slack ? [] : new ReadOnlySpan<byte>((byte*)_memory + start, Row(y).Length + slack);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _memory, 0) is var memory and not 0) { PixelMemory.Return(memory, Bytes); }
    }
}
