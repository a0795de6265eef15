using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LaionStream.Engine.Download.BlockLists;

/// <summary>
/// Many digests of one algorithm in one sorted list of their first 16 bytes: 16 MB for a million. Two digests that share 128 bits do not occur by chance,
/// and a wrong match would only drop a picture.
/// </summary>
internal sealed class DigestSet
{
    private readonly List<UInt128> _sorted;

    /// <summary>Sorts the digests.</summary>
    /// <param name="prefixes">The first 16 bytes of each; a list is taken over and sorted in place.</param>
    public DigestSet(IEnumerable<UInt128> prefixes)
    {
        _sorted = prefixes as List<UInt128> ?? [.. prefixes];
        CollectionsMarshal.AsSpan(_sorted).Sort();
        _sorted.TrimExcess();
    }

    /// <summary>Digests held.</summary>
    public int Count => _sorted.Count;

    /// <summary>Whether a digest is among them.</summary>
    /// <param name="digest">16 bytes at least.</param>
    public bool Contains(ReadOnlySpan<byte> digest) => _sorted.Count > 0 && CollectionsMarshal.AsSpan(_sorted).BinarySearch(Prefix(digest)) >= 0;

    /// <summary>The first 16 bytes as a number.</summary>
    public static UInt128 Prefix(ReadOnlySpan<byte> digest) => BinaryPrimitives.ReadUInt128BigEndian(digest);
}
