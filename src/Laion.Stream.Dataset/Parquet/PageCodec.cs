using System.Buffers;
using System.IO.Compression;
using Parquet.Meta;
using ZstdSharp;

namespace LaionStream.Dataset.Parquet;

/// <summary>Decompresses pages. Allocates no more memory than a page may have and its bytes can produce, whatever it declares.</summary>
internal static class PageCodec
{
    // The formats' maximum ratios, rounded up: a step of Snappy writes 64 bytes for 3, one of LZ4 255 for 1, one of Deflate 1,032 for 1.
    private const int SnappyRatio = 32, Lz4Ratio = 256, GzipRatio = 1100;
    private const int UsualRatio = 64; // the others have no limit
    private const int GrowthStep = 16;
    private const int SmallPage = 1 << 16;

    /// <summary>Decompresses a page.</summary>
    /// <param name="codec">Its compression.</param>
    /// <param name="packed">Its bytes.</param>
    /// <param name="claimed">Its decompressed size in its header. Some writers' headers are wrong: a size in the compressed bytes is preferred.</param>
    /// <param name="buffers">Memory for the decompressed bytes.</param>
    /// <exception cref="InvalidDataException">It is damaged, declares too much, or its compression is not supported.</exception>
    public static ReadOnlyMemory<byte> Unpack(CompressionCodec codec, ReadOnlyMemory<byte> packed, int claimed, PageBuffers buffers) => codec switch
    {
        CompressionCodec.UNCOMPRESSED => packed,
        CompressionCodec.SNAPPY => UnpackSnappy(packed.Span, buffers),
        CompressionCodec.LZ4_RAW => Lz4Into(packed.Span, Take(buffers, packed, claimed, Lz4Ratio), isFramed: false),
        CompressionCodec.LZ4 => Lz4Into(packed.Span, Take(buffers, packed, claimed, Lz4Ratio), isFramed: true),
        CompressionCodec.GZIP => GzipInto(packed, Take(buffers, packed, claimed, GzipRatio)),
        CompressionCodec.ZSTD => UnpackInSteps(packed.Span, ZstdLength(packed.Span, claimed), buffers, TryZstd),
        CompressionCodec.BROTLI => UnpackInSteps(packed.Span, claimed, buffers, TryBrotli),
        _ => throw new InvalidDataException($"Pages packed with {codec} are not supported."),
    };

    private static Memory<byte> Take(PageBuffers buffers, ReadOnlyMemory<byte> packed, long length, int ratio) =>
        length <= ParquetPageHeader.MostBytes && length <= SmallPage + ((long)packed.Length * ratio) ? buffers.Plain((int)length) : throw TooMuch();

    private static ReadOnlyMemory<byte> UnpackSnappy(ReadOnlySpan<byte> packed, PageBuffers buffers)
    {
        ulong length = SnappyBlock.LengthOf(packed);
        if (length > ParquetPageHeader.MostBytes || length > SmallPage + ((ulong)packed.Length * SnappyRatio)) { throw TooMuch(); }
        Memory<byte> into = buffers.Plain((int)length);
        SnappyBlock.Unpack(packed, into.Span);
        return into;
    }

    private static Memory<byte> Lz4Into(ReadOnlySpan<byte> packed, Memory<byte> into, bool isFramed) =>
        into[..(isFramed ? Lz4Block.UnpackFramed(packed, into.Span) : Lz4Block.Unpack(packed, into.Span))];

    private static Memory<byte> GzipInto(ReadOnlyMemory<byte> packed, Memory<byte> into)
    {
        using var stream = new GZipStream(new MemoryStream(packed.ToArray(), writable: false), CompressionMode.Decompress);
        return into[..stream.ReadAtLeast(into.Span, into.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Allocates the usual size first, and more only if that is not enough.</summary>
    private static ReadOnlyMemory<byte> UnpackInSteps(ReadOnlySpan<byte> packed, long claimed, PageBuffers buffers, TryUnpack unpack)
    {
        if (claimed > ParquetPageHeader.MostBytes) { throw TooMuch(); }
        for (long length = Math.Min(claimed, SmallPage + ((long)packed.Length * UsualRatio)); ; length = Math.Min(claimed, length * GrowthStep))
        {
            Memory<byte> into = buffers.Plain((int)Math.Max(1, length)); // Brotli needs a destination even for an empty page
            if (unpack(packed, into.Span, out int written)) { return into[..written]; }
            if (length == claimed) { throw TooMuch(); }
        }
    }

    private static bool TryZstd(ReadOnlySpan<byte> packed, Span<byte> into, out int written)
    {
        using var decompressor = new Decompressor();
        try
        {
            return decompressor.TryUnwrap(packed, into, out written);
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException("A page cannot be unpacked.", e);
        }
    }

    private static bool TryBrotli(ReadOnlySpan<byte> packed, Span<byte> into, out int written)
    {
        using var decoder = new BrotliDecoder();
        return decoder.Decompress(packed, into, out _, out written) switch
        {
            OperationStatus.Done => true,
            OperationStatus.DestinationTooSmall => false,
            _ => throw PageBytes.Damaged("cannot be unpacked"),
        };
    }

    private static long ZstdLength(ReadOnlySpan<byte> packed, int claimed)
    {
        try
        {
            return Math.Max(claimed, (long)Math.Min(Decompressor.GetDecompressedSize(packed), long.MaxValue));
        }
        catch (ZstdException)
        {
            return claimed; // its header has no length, or there is none
        }
    }

    private static InvalidDataException TooMuch() => PageBytes.Damaged("unpacks to more than it may");

    private delegate bool TryUnpack(ReadOnlySpan<byte> packed, Span<byte> into, out int written);
}
