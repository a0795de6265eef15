using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// The metadata blocks of a picture file that may say something about its use, not yet parsed. Bytes are not copied unless a file has a block in pieces.
/// </summary>
internal sealed class MetadataBlocks
{
    /// <summary>Most bytes of one block that are read: XMP is rarely more than kilobytes, a C2PA store may contain thumbnails.</summary>
    public const int MostBytes = 4 << 20;

    /// <summary>Most blocks of one kind.</summary>
    public const int Most = 16;

    private readonly List<ReadOnlyMemory<byte>> _xmp = [];
    private readonly List<ReadOnlyMemory<byte>> _c2pa = [];

    private MetadataBlocks()
    {
    }

    /// <summary>XMP packets.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Xmp => _xmp;

    /// <summary>C2PA stores: JUMBF boxes.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> C2pa => _c2pa;

    /// <summary>The EXIF block from its byte order mark on; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Exif { get; private set; }

    /// <summary>Finds the blocks of a file. Never throws: what is damaged is not found.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="format">Its format.</param>
    public static MetadataBlocks Find(ReadOnlyMemory<byte> file, ImageFormat format)
    {
        var blocks = new MetadataBlocks();
        switch (format)
        {
            case ImageFormat.Jpeg: JpegBlocks.Find(file, blocks); break;
            case ImageFormat.Png: PngBlocks.Find(file, blocks); break;
            case ImageFormat.WebP: WebPBlocks.Find(file, blocks); break;
            case ImageFormat.Avif or ImageFormat.Heic: HeifBlocks.Find(file, blocks); break;
            case ImageFormat.Gif or ImageFormat.Tiff: PacketScan.Find(file, blocks); break;
        }

        return blocks;
    }

    /// <summary>Adds an XMP packet.</summary>
    public void AddXmp(ReadOnlyMemory<byte> packet) => Add(_xmp, packet);

    /// <summary>Adds a C2PA store.</summary>
    public void AddC2pa(ReadOnlyMemory<byte> store) => Add(_c2pa, store);

    /// <summary>Takes an EXIF block; the first counts.</summary>
    public void TakeExif(ReadOnlyMemory<byte> block)
    {
        if (Exif.IsEmpty) { Exif = block; }
    }

    private static void Add(List<ReadOnlyMemory<byte>> list, ReadOnlyMemory<byte> block)
    {
        if (list.Count < Most && block.Length > 0) { list.Add(block[..Math.Min(block.Length, MostBytes)]); }
    }
}
