using System.Runtime.InteropServices;

namespace LaionStream.Engine.Imaging;

/// <summary>A decoded picture in native memory, top row first, bands interleaved, no padding between rows. Disposing frees it, once.</summary>
internal sealed unsafe class DecodedPixels : IDisposable
{
    private readonly Action<nint> _free;
    private nint _memory;

    /// <summary>Takes ownership of memory that a decoder allocated.</summary>
    /// <param name="memory">Start of the pixels.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="bands">Samples per pixel, 1 to 4.</param>
    /// <param name="bytesPerSample">1, or 2 in the machine's byte order.</param>
    /// <param name="free">Frees the memory.</param>
    public DecodedPixels(nint memory, int width, int height, int bands, int bytesPerSample, Action<nint> free)
    {
        _memory = memory;
        _free = free;
        Width = width;
        Height = height;
        Bands = bands;
        BytesPerSample = bytesPerSample;
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>Samples per pixel.</summary>
    public int Bands { get; }

    /// <summary>1 or 2.</summary>
    public int BytesPerSample { get; }

    /// <summary>Whether the four bands are inks, 255 = full, rather than RGB and alpha.</summary>
    public bool Cmyk { get; init; }

    /// <summary>How the samples become sRGB; null where they are sRGB or the profile is not to be applied.</summary>
    public IccMatrix? Colours { get; init; }

    /// <summary>Bytes of a row.</summary>
    public int Stride => Width * Bands * BytesPerSample;

    /// <summary>Makes a picture of 8-bit samples whose pixels the caller fills in.</summary>
    public static DecodedPixels Allocate(int width, int height, int bands) => new(
        (nint)NativeMemory.Alloc((nuint)width * (nuint)height * (nuint)bands), width, height, bands, 1, static memory => NativeMemory.Free((void*)memory));

    /// <summary>One row.</summary>
    public Span<byte> Row(int y)
    {
        ObjectDisposedException.ThrowIf(_memory == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return new Span<byte>((byte*)_memory + ((long)y * Stride), Stride);
    }

    /// <summary>One row, lengthened by <paramref name="slack"/> readable bytes of the rows after it; empty where too little follows.</summary>
    public ReadOnlySpan<byte> RowWithSlack(int y, int slack)
    {
        long start = (long)y * Stride;
        return (long)Height * Stride - start - Stride < slack ? [] : new ReadOnlySpan<byte>((byte*)_memory + start, Row(y).Length + slack);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _memory, 0) is var memory and not 0) { _free(memory); }
    }
}
