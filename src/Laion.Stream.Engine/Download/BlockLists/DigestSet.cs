using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LaionStream.Engine.Download.BlockLists;

/// <summary>
/// Digests of one algorithm, as a sorted list of their first 16 bytes: 16 MB per million. Two digests with the same 128 bits do not occur by chance,
/// and a wrong match would only drop a picture.
/// </summary>
internal sealed class DigestSet
{
    private readonly List<UInt128> _sorted;

    /// <summary>Sorts the digests.</summary>
    /// <param name="prefixes">The first 16 bytes of each; the set takes ownership of the list and sorts it in place.</param>
    public DigestSet(IEnumerable<UInt128> prefixes)
    {
        _sorted = prefixes as List<UInt128> ?? [.. prefixes];
        CollectionsMarshal.AsSpan(_sorted).Sort();
        _sorted.TrimExcess();
    }

    /// <summary>Number of digests.</summary>
    public int Count => _sorted.Count;

    /// <summary>Whether the set contains a digest.</summary>
    /// <param name="digest">16 bytes at least.</param>
    public bool Contains(ReadOnlySpan<byte> digest) => _sorted.Count > 0 && CollectionsMarshal.AsSpan(_sorted).BinarySearch(Prefix(digest)) >= 0;

    /// <summary>The first 16 bytes as a number.</summary>
    public static UInt128 Prefix(ReadOnlySpan<byte> digest) => BinaryPrimitives.ReadUInt128BigEndian(digest);
}
