using System.Buffers.Binary;

namespace LaionStream.Search.Merging;

/// <summary>
/// Finds rows with equal keys among any number of rows: keys and places go to 256 files by range of the key, and each range is then sorted by itself.
/// </summary>
/// <remarks>Takes 16 MiB for buffers, 16 bytes of disk a row, and 16 bytes of memory for each row of one range, some 4 million of a billion.</remarks>
internal sealed class RangeDedupe : IDisposable
{
    private const int Ranges = 256;
    private const int EntryBytes = 2 * sizeof(ulong);
    private const int BufferBytes = 4096 * EntryBytes;

    private readonly string _folder;
    private readonly byte[]?[] _buffers = new byte[Ranges][];
    private readonly int[] _filled = new int[Ranges];

    /// <summary>Begins.</summary>
    /// <param name="folder">Folder for the ranges' files; created here, and deleted at the end.</param>
    public RangeDedupe(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="key">Equal for equal rows; any distribution.</param>
    /// <param name="place">The row; of equal rows the one with the smallest wins.</param>
    public void Add(ulong key, ulong place)
    {
        key = Mix(key);
        int range = (int)(key >> 56);
        byte[] buffer = _buffers[range] ??= new byte[BufferBytes];
        Span<byte> entry = buffer.AsSpan(_filled[range]);
        BinaryPrimitives.WriteUInt64LittleEndian(entry, key);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[sizeof(ulong)..], place);
        _filled[range] += EntryBytes;
        if (_filled[range] == BufferBytes) { Spill(range); }
    }

    /// <summary>The rows that lose against an equal one.</summary>
    /// <param name="abort">Ends it early.</param>
    public IEnumerable<ulong> Losers(CancellationToken abort)
    {
        for (int range = 0; range < Ranges; range++)
        {
            abort.ThrowIfCancellationRequested();
            Spill(range);
            (ulong[] keys, ulong[] places) = Read(range);
            Array.Sort(keys, places);
            for (int first = 0; first < keys.Length;)
            {
                int end = first + 1;
                while (end < keys.Length && keys[end] == keys[first]) { end++; }
                ulong winner = end - first == 1 ? 0 : places.AsSpan(first, end - first).ToArray().Min();
                for (int i = first; i < end && end - first > 1; i++)
                {
                    if (places[i] != winner) { yield return places[i]; }
                }

                first = end;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The finaliser of splitmix64, a bijection: perceptual hashes are far from evenly distributed.
    private static ulong Mix(ulong key)
    {
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EB;
        return key ^ (key >> 31);
    }

    private string PathOf(int range) => Path.Combine(_folder, range.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));

    private void Spill(int range)
    {
        if (_filled[range] == 0) { return; }

        using var file = new FileStream(PathOf(range), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(_buffers[range].AsSpan(0, _filled[range]));
        _filled[range] = 0;
    }

    private (ulong[] Keys, ulong[] Places) Read(int range)
    {
        if (!File.Exists(PathOf(range))) { return ([], []); }

        using FileStream file = File.OpenRead(PathOf(range));
        int count = checked((int)(file.Length / EntryBytes));
        (ulong[] keys, ulong[] places) = (new ulong[count], new ulong[count]);
        byte[] entry = new byte[BufferBytes];
        for (int i = 0; i < count;)
        {
            int bytes = file.ReadAtLeast(entry, EntryBytes, throwOnEndOfStream: true);
            bytes += bytes % EntryBytes == 0 ? 0 : file.ReadAtLeast(entry.AsSpan(bytes, EntryBytes - (bytes % EntryBytes)), EntryBytes - (bytes % EntryBytes));
            for (int at = 0; at < bytes; at += EntryBytes, i++)
            {
                keys[i] = BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(at));
                places[i] = BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(at + sizeof(ulong)));
            }
        }

        return (keys, places);
    }
}
