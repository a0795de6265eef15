using System.Buffers;

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>One model's picture input before normalisation: 8-bit RGB, interleaved, top row first, in a pooled buffer.</summary>
public sealed class PixelInput : IDisposable
{
    private byte[]? _buffer;

    /// <summary>Rents a buffer of <paramref name="width"/> × <paramref name="height"/> × 3 bytes.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public PixelInput(int width, int height)
    {
        Width = width;
        Height = height;
        _buffer = ArrayPool<byte>.Shared.Rent(ByteCount);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width × height × 3.</summary>
    public int ByteCount => Width * Height * 3;

    /// <summary>The pixels, R G B R G B …</summary>
    public Span<byte> Rgb => (_buffer ?? throw new ObjectDisposedException(nameof(PixelInput))).AsSpan(0, ByteCount);

    /// <summary>The same pixels, for a holder that keeps a reference to them.</summary>
    internal Memory<byte> Memory => (_buffer ?? throw new ObjectDisposedException(nameof(PixelInput))).AsMemory(0, ByteCount);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) { ArrayPool<byte>.Shared.Return(buffer); }
    }
}
