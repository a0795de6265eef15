using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>JUMBF boxes of a JPEG: each is cut into segments with its number and theirs, and every segment repeats the box's head.</summary>
internal sealed class JpegBoxes
{
    private const int HeadLength = 8; // identifier, number of the box, number of the segment
    private const int BoxHeadLength = 8;
    private const int LongBoxHeadLength = 16;

    private readonly Dictionary<ushort, List<(uint Number, ReadOnlyMemory<byte> Bytes)>> _byBox = [];

    /// <summary>Adds a segment of APP11, if it belongs to a box.</summary>
    public void Add(ReadOnlyMemory<byte> segment)
    {
        ReadOnlySpan<byte> bytes = segment.Span;
        if (bytes.Length < HeadLength + BoxHeadLength || !bytes.StartsWith("JP"u8)) { return; }

        ushort box = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (!_byBox.TryGetValue(box, out List<(uint, ReadOnlyMemory<byte>)>? segments))
        {
            if (_byBox.Count == MetadataBlocks.Most) { return; }
            _byBox.Add(box, segments = []);
        }

        segments.Add((BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), segment[HeadLength..]));
    }

    /// <summary>Adds the boxes, joined.</summary>
    public void AddTo(MetadataBlocks blocks)
    {
        foreach (List<(uint Number, ReadOnlyMemory<byte> Bytes)> segments in _byBox.Values)
        {
            blocks.AddC2pa(BlockPieces.Join(
                [.. segments.OrderBy(segment => segment.Number).Select((segment, i) => i == 0 ? segment.Bytes : WithoutHead(segment.Bytes))]));
        }
    }

    private static ReadOnlyMemory<byte> WithoutHead(ReadOnlyMemory<byte> bytes)
    {
        bool isLong = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span) == 1;
        return bytes[Math.Min(bytes.Length, isLong ? LongBoxHeadLength : BoxHeadLength)..];
    }
}
