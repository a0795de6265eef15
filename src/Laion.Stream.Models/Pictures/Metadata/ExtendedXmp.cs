using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// XMP that does not fit into one segment of a JPEG: pieces with a GUID, which the main packet names (XMP specification part 3, 1.1.3.1).
/// </summary>
internal sealed class ExtendedXmp
{
    private const int GuidLength = 32;

    private readonly Dictionary<string, Extension> _byGuid = new(StringComparer.Ordinal);

    /// <summary>Begin of such a segment.</summary>
    public static ReadOnlySpan<byte> Name => "http://ns.adobe.com/xmp/extension/\0"u8;

    /// <summary>Adds a segment.</summary>
    /// <param name="segment">With its name.</param>
    public void Add(ReadOnlyMemory<byte> segment)
    {
        ReadOnlyMemory<byte> rest = segment[Name.Length..];
        if (rest.Length < GuidLength + 8) { return; }

        string guid = System.Text.Encoding.Latin1.GetString(rest.Span[..GuidLength]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span[GuidLength..]);
        uint offset = BinaryPrimitives.ReadUInt32BigEndian(rest.Span[(GuidLength + 4)..]);
        if (!_byGuid.TryGetValue(guid, out Extension? extension))
        {
            if (_byGuid.Count == MetadataBlocks.Most) { return; }
            _byGuid.Add(guid, extension = new Extension(length));
        }

        extension.Pieces.Add((offset, rest[(GuidLength + 8)..]));
    }

    /// <summary>Adds the extensions that a main packet names.</summary>
    public void AddTo(MetadataBlocks blocks)
    {
        ReadOnlyMemory<byte>[] main = [.. blocks.Xmp];
        foreach ((string guid, Extension extension) in _byGuid)
        {
            byte[] name = System.Text.Encoding.Latin1.GetBytes(guid);
            if (main.Any(packet => packet.Span.IndexOf(name) >= 0)) { blocks.AddXmp(BlockPieces.Place(extension.Length, extension.Pieces)); }
        }
    }

    private sealed record Extension(long Length)
    {
        public List<(long Offset, ReadOnlyMemory<byte> Bytes)> Pieces { get; } = [];
    }
}
