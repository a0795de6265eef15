using System.Buffers;
using System.Security.Cryptography;
using LaionStream.Engine.Digests;

namespace LaionStream.Engine.Download.BlockLists;

/// <summary>The digests of some files, by algorithm. Only algorithms that occur in a file are computed.</summary>
internal sealed class DigestLists
{
    private const int MostForeseen = 64 << 20; // a gigabyte of digests: larger lists grow while they are read

    private readonly DigestSet _md5;
    private readonly DigestSet _sha1;
    private readonly DigestSet _sha256;

    private DigestLists(Dictionary<int, List<UInt128>> byLength, int malformed)
    {
        _md5 = new DigestSet(byLength[MD5.HashSizeInBytes]);
        _sha1 = new DigestSet(byLength[SHA1.HashSizeInBytes]);
        _sha256 = new DigestSet(byLength[SHA256.HashSizeInBytes]);
        Malformed = malformed;
    }

    /// <summary>Empty lists.</summary>
    public static DigestLists Empty { get; } = Parse([]);

    /// <summary>Number of digests.</summary>
    public int Count => _md5.Count + _sha1.Count + _sha256.Count;

    /// <summary>Lines that were neither a digest nor a comment.</summary>
    public int Malformed { get; }

    /// <summary>Reads lines: a digest in hex, optionally followed by a blank and any text; empty lines and lines starting with # are skipped.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="bytes">Their approximate total size, so that lists of millions are allocated once.</param>
    public static DigestLists Parse(IEnumerable<string> lines, long bytes = 0)
    {
        var byLength = new Dictionary<int, List<UInt128>> { [MD5.HashSizeInBytes] = [], [SHA1.HashSizeInBytes] = [], [SHA256.HashSizeInBytes] = [] };
        int malformed = 0;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (string line in lines)
        {
            ReadOnlySpan<char> text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] == '#') { continue; }
            int blank = text.IndexOfAny(' ', '\t', ',');
            if (blank >= 0) { text = text[..blank]; }

            bool isDigest = byLength.TryGetValue(text.Length / 2, out List<UInt128>? list) && text.Length % 2 == 0
                && Convert.FromHexString(text, digest, out _, out _) == OperationStatus.Done;
            if (!isDigest)
            {
                malformed++;
                continue;
            }

            if (list!.Count == 0) { list.EnsureCapacity((int)Math.Min(bytes / (line.Length + 1), MostForeseen)); }
            list.Add(DigestSet.Prefix(digest));
        }

        return new DigestLists(byLength, malformed);
    }

    /// <summary>Whether any list contains a digest of the bytes.</summary>
    public bool Contains(BodyDigests bytes) => (_md5.Count > 0 && _md5.Contains(bytes.Md5))
        || (_sha1.Count > 0 && _sha1.Contains(bytes.Sha1))
        || (_sha256.Count > 0 && _sha256.Contains(bytes.Sha256));
}
