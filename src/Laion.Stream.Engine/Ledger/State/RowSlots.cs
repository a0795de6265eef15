using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// The rows inside a stage at this moment, in a small mapped file (<c>state/&lt;stage&gt;.slots</c>): a few stores per row. The contents survive the
/// process, however it dies, because the pages belong to the kernel; a power cut loses them, which does not matter, since no decoder caused that.
/// </summary>
/// <remarks>
/// <code>
/// bytes 0 to 7     "LAIONSL1"
/// then, every 64   a slot: int32 1 where it is taken, int32 file number, int32 ordinal; little-endian
/// </code>
/// A slot is a separate cache line: workers never write to the same one.
/// </remarks>
internal sealed class RowSlots : IDisposable
{
    /// <summary>Slots of a file: more than a decode stage has workers on any machine. A row without a slot is not recorded.</summary>
    public const int Count = 1024;

    private const int SlotBytes = 64;
    private const int FileBytes = (Count + 1) * SlotBytes;

    private static readonly byte[] Magic = "LAIONSL1"u8.ToArray();

    private readonly ulong[] _taken = new ulong[Count / 64];
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Creates the file, without any row, and maps it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written or mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public RowSlots(string path)
    {
        Clear(path);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, FileBytes);
        _view = _file.CreateViewAccessor(0, FileBytes);
    }

    /// <summary>The rows that were inside the stage when the process that wrote the file ended; none when the file is missing or is not such a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<RowKey> Read(string path)
    {
        if (!File.Exists(path)) { return []; }

        byte[] file = File.ReadAllBytes(path);
        if (!file.AsSpan().StartsWith(Magic)) { return []; }

        List<RowKey> rows = [];
        for (int at = SlotBytes; at + SlotBytes <= file.Length; at += SlotBytes)
        {
            ReadOnlySpan<byte> slot = file.AsSpan(at, SlotBytes);
            var row = new RowKey(BinaryPrimitives.ReadInt32LittleEndian(slot[4..]), BinaryPrimitives.ReadInt32LittleEndian(slot[8..]));
            if (BinaryPrimitives.ReadInt32LittleEndian(slot) == 1 && row is { FileNumber: >= 0, Ordinal: >= 0 }) { rows.Add(row); }
        }

        return rows;
    }

    /// <summary>
    /// Replaces the file by one without any row. All of its bytes are written: a store into a hole of a file on a full disk would end the process. And it is a
    /// new file: truncating one that another process still has mapped would end that process.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Clear(string path)
    {
        byte[] file = new byte[FileBytes];
        Magic.CopyTo(file, 0);
        File.WriteAllBytes(path + ".tmp", file);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>Records that a row is inside the stage.</summary>
    /// <returns>Its slot, for <see cref="Leave"/>; −1 when all are taken.</returns>
    public int Enter(RowKey row)
    {
        int slot = Take();
        if (slot < 0) { return -1; }

        long at = (slot + 1L) * SlotBytes;
        _view.Write(at + 4, row.FileNumber);
        _view.Write(at + 8, row.Ordinal);
        Thread.MemoryBarrier(); // a row is valid once its slot is marked
        _view.Write(at, 1);
        return slot;
    }

    /// <summary>Records that the row has left the stage.</summary>
    public void Leave(int slot)
    {
        if (slot < 0) { return; }
        try
        {
            _view.Write((slot + 1L) * SlotBytes, 0);
        }
        catch (ObjectDisposedException)
        {
            return; // the run has ended without this row, and its slot records that
        }

        Interlocked.And(ref _taken[slot / 64], ~(1UL << (slot % 64)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private int Take()
    {
        for (int word = 0; word < _taken.Length; word++)
        {
            for (ulong taken = Volatile.Read(ref _taken[word]); taken != ulong.MaxValue; taken = Volatile.Read(ref _taken[word]))
            {
                int bit = BitOperations.TrailingZeroCount(~taken);
                if (Interlocked.CompareExchange(ref _taken[word], taken | (1UL << bit), taken) == taken) { return (word * 64) + bit; }
            }
        }

        return -1;
    }
}
