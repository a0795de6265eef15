using System.Buffers.Binary;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using LaionStream.Engine.Handles;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.Claims;

/// <summary>
/// A mapped file of sorted hashes (<c>state/hashes-FFFFFF-LLLLLL.run</c>): everything that ledger segments F to L made durable. Eight bytes a hash, of which
/// the system keeps in memory what is asked for; opening costs the same for any size. Never changed once it has its name.
/// </summary>
internal sealed unsafe class HashRun : IDisposable
{
    private const int HeaderBytes = 32;
    private const ulong Magic = 0x31_4E_55_52_53_48_53_4C; // "LSHSRUN1"

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly ulong* _hashes;

    private HashRun(string path, int first, int last, MemoryMappedFile file, MemoryMappedViewAccessor view, byte* start, long count)
    {
        (Path, First, Last, Count, _file, _view) = (path, first, last, count, file, view);
        _hashes = (ulong*)(start + HeaderBytes);
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>First ledger segment inside.</summary>
    public int First { get; }

    /// <summary>Last ledger segment inside.</summary>
    public int Last { get; }

    /// <summary>Hashes inside.</summary>
    public long Count { get; }

    /// <summary>The hash at a place, ascending.</summary>
    public ulong this[long index] => _hashes[index];

    /// <summary>The file name of a run.</summary>
    public static string NameOf(int first, int last) => string.Create(CultureInfo.InvariantCulture, $"hashes-{first:D6}-{last:D6}.run");

    /// <summary>Maps a run.</summary>
    /// <exception cref="OutputRefusedException">The file is none, or is cut.</exception>
    public static HashRun Open(string path)
    {
        long length = new FileInfo(path).Length;
        if (length < HeaderBytes) { throw Bad(path); }

        MemoryMappedFile file = HandleShortage.Retry(() => MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read));
        MemoryMappedViewAccessor view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        var header = new ReadOnlySpan<byte>(start, HeaderBytes);
        long count = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        var run = new HashRun(path, BinaryPrimitives.ReadInt32LittleEndian(header[8..]), BinaryPrimitives.ReadInt32LittleEndian(header[12..]), file, view, start, count);
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) == Magic && length == HeaderBytes + (8 * count)) { return run; }

        run.Dispose();
        throw Bad(path);
    }

    /// <summary>Writes a run under a temp name, flushes it and gives it its name.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="folder">The output's <c>state</c> folder.</param>
    /// <param name="first">First ledger segment inside.</param>
    /// <param name="last">Last ledger segment inside.</param>
    /// <param name="count">How many hashes come.</param>
    /// <param name="ascending">The hashes.</param>
    /// <returns>Its path.</returns>
    public static string Write(IDisk disk, string folder, int first, int last, long count, IEnumerable<ReadOnlyMemory<ulong>> ascending)
    {
        string path = System.IO.Path.Combine(folder, NameOf(first, last));
        string temp = path + ".tmp";
        using (Stream file = disk.Create(temp))
        {
            Span<byte> header = stackalloc byte[HeaderBytes];
            header.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
            BinaryPrimitives.WriteInt32LittleEndian(header[8..], first);
            BinaryPrimitives.WriteInt32LittleEndian(header[12..], last);
            BinaryPrimitives.WriteInt64LittleEndian(header[16..], count);
            file.Write(header);
            foreach (ReadOnlyMemory<ulong> chunk in ascending) { file.Write(MemoryMarshal.AsBytes(chunk.Span)); }
            disk.Flush(file);
        }

        disk.Rename(temp, path);
        disk.FlushFolder(folder);
        return path;
    }

    /// <summary>Whether a mixed hash (<see cref="HashTable.Mix"/>) is inside.</summary>
    public bool Contains(ulong hash)
    {
        // Mixed hashes are spread evenly, so a guess by proportion is off by about the root of the count: a few steps, most of them in one page.
        long low = 0;
        long high = Count - 1;
        for (int step = 0; low <= high && hash >= _hashes[low] && hash <= _hashes[high]; step++)
        {
            ulong span = _hashes[high] - _hashes[low];
            long middle = step >= 6 || span == 0
                ? low + ((high - low) >> 1)
                : low + (long)((hash - _hashes[low]) / (double)span * (high - low));
            ulong found = _hashes[middle];
            if (found == hash) { return true; }
            if (found < hash) { low = middle + 1; }
            else { high = middle - 1; }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static OutputRefusedException Bad(string path) =>
        new($"'{path}' is no whole file of hashes. Delete it: it is made again from the ledger.");
}
