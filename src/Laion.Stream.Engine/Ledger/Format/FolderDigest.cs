using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// The digest of a folder of a part: SHA-256 over its files in ordinal order of their names, of each the name as UTF-8, a zero, the length in eight bytes
/// (little-endian) and the bytes. It has no folders inside.
/// </summary>
internal sealed class FolderDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes of all files so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds the next file.</summary>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        AddHead(name, content.Length);
        _hash.AppendData(content);
    }

    /// <summary>Lower-case hex; ends the digest.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>Size and digest of a folder that exists.</summary>
    public static (long Bytes, string Sha256) Of(string folder)
    {
        using var digest = new FolderDigest();
        byte[] buffer = new byte[1 << 16];
        foreach (string path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            if (Directory.Exists(path)) { return (-1, ""); } // not as it was written

            using FileStream file = File.OpenRead(path);
            digest.AddHead(Path.GetFileName(path), file.Length);
            for (int read; (read = file.Read(buffer)) > 0;) { digest._hash.AppendData(buffer, 0, read); }
        }

        return (digest.Bytes, digest.Finish());
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void AddHead(string name, long length)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, length);
        _hash.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
        _hash.AppendData(number);
        Bytes += length;
    }
}
