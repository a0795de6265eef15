using System.Buffers.Binary;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using LaionStream.Engine.Handles;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.Claims;

/// <summary>
/// A memory-mapped file of sorted hashes (<c>state/hashes-FFFFFF-LLLLLL.run</c>): all hashes that ledger segments F to L made durable, eight bytes each. The
/// operating system keeps the pages in use in memory; opening takes the same time for any size. The file never changes once it has its name.
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

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>First ledger segment of the run.</summary>
    public int First { get; }

    /// <summary>Last ledger segment of the run.</summary>
    public int Last { get; }

    /// <summary>Number of hashes.</summary>
    public long Count { get; }

    /// <summary>The hash at an index; hashes ascend.</summary>
    public ulong this[long index] => _hashes[index];

    /// <summary>The file name of a run.</summary>
    public static string NameOf(int first, int last) => string.Create(CultureInfo.InvariantCulture, $"hashes-{first:D6}-{last:D6}.run");

    /// <summary>Maps a run.</summary>
    /// <exception cref="OutputRefusedException">Not a hash file, or truncated.</exception>
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
        var run = new HashRun(path, BinaryPrimitives.ReadInt32LittleEndian(header[8..]), BinaryPrimitives.ReadInt32LittleEndian(header[12..]), file, view,
            start, count);
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) == Magic && length == HeaderBytes + (8 * count)) { return run; }

        run.Dispose();
        throw Bad(path);
    }

    /// <summary>Writes a run to a temp file, flushes it and renames it.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="folder">The output's <c>state</c> folder.</param>
    /// <param name="first">First ledger segment of the run.</param>
    /// <param name="last">Last ledger segment of the run.</param>
    /// <param name="count">Number of hashes.</param>
    /// <param name="ascending">The hashes in ascending order.</param>
    /// <returns>The path of the run.</returns>
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

    /// <summary>Whether the run contains a mixed hash (<see cref="HashTable.Mix"/>).</summary>
    public bool Contains(ulong hash)
    {
        // Interpolation search: mixed hashes are evenly distributed, so a guess is off by about the square root of the count. It takes a few steps, most in
        // one page.
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
        new($"'{path}' is not a complete hash file. Delete it: it is rebuilt from the ledger.");
}
