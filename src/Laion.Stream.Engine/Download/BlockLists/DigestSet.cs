using System.Buffers.Binary;

namespace LaionStream.Engine.Download.BlockLists;

/// <summary>
/// Many digests of one algorithm in one sorted array of their first 16 bytes: 16 MB for a million. Two digests that share 128 bits do not occur by chance,
/// and a wrong match would only drop a picture.
/// </summary>
internal sealed class DigestSet
{
    private readonly UInt128[] _sorted;

    /// <summary>Sorts the digests.</summary>
    public DigestSet(IEnumerable<UInt128> prefixes)
    {
        _sorted = [.. prefixes];
        Array.Sort(_sorted);
    }

    /// <summary>Digests held.</summary>
    public int Count => _sorted.Length;

    /// <summary>Whether a digest is among them.</summary>
    /// <param name="digest">16 bytes at least.</param>
    public bool Contains(ReadOnlySpan<byte> digest) => _sorted.Length > 0 && Array.BinarySearch(_sorted, Prefix(digest)) >= 0;

    /// <summary>The first 16 bytes as a number.</summary>
    public static UInt128 Prefix(ReadOnlySpan<byte> digest) => BinaryPrimitives.ReadUInt128BigEndian(digest);
}
