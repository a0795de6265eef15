using System.Globalization;

namespace LaionStream.Engine.Checkpoint;

/// <summary>The ledger's files: numbered segments of checksummed records below <c>state/</c>. Only the last one grows; a start reads only that one.</summary>
internal sealed class LedgerFile : IDisposable
{
    private readonly IDisk _disk;
    private readonly Stream _stream;

    private LedgerFile(IDisk disk, string stateFolder, int segment, long length)
    {
        (_disk, Segment, Bytes) = (disk, segment, length);
        _stream = disk.Append(PathOf(stateFolder, segment));
    }

    /// <summary>The segment's number, from 1.</summary>
    public int Segment { get; }

    /// <summary>Its length.</summary>
    public long Bytes { get; private set; }

    /// <summary>Length right after its restatement: what its size limit counts from.</summary>
    public long BaseBytes { get; private init; }

    /// <summary>Where a segment lies.</summary>
    public static string PathOf(string stateFolder, int segment) =>
        Path.Combine(stateFolder, string.Create(CultureInfo.InvariantCulture, $"ledger-{segment:D6}.log"));

    /// <summary>The number of the last segment, or 0 when there is none.</summary>
    public static int LastSegment(string stateFolder) => Directory.EnumerateFiles(stateFolder, "ledger-*.log")
        .Select(path => Path.GetFileNameWithoutExtension(path).AsSpan(7) is var digits && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>Begins a segment: it has its name only once it is whole.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="segment">Its number.</param>
    /// <param name="start">Its first records.</param>
    public static LedgerFile Begin(IDisk disk, string stateFolder, int segment, ReadOnlySpan<byte> start)
    {
        string path = PathOf(stateFolder, segment);
        using (Stream file = disk.Create(path + ".tmp"))
        {
            file.Write(start);
            disk.Flush(file);
        }

        disk.Rename(path + ".tmp", path);
        disk.FlushFolder(stateFolder);
        return new LedgerFile(disk, stateFolder, segment, start.Length) { BaseBytes = start.Length };
    }

    /// <summary>Opens the last segment behind its last whole record, and cuts what a crash left behind it.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="segment">Its number.</param>
    /// <param name="read">Takes its records in order.</param>
    /// <param name="cut">Bytes that were cut.</param>
    /// <exception cref="OutputRefusedException">It does not begin as a segment does.</exception>
    public static LedgerFile Open(IDisk disk, string stateFolder, int segment, Action<LedgerEntry> read, out long cut)
    {
        string path = PathOf(stateFolder, segment);
        byte[] bytes = File.ReadAllBytes(path);
        int length = 0;
        while (LedgerCodec.Read(bytes.AsSpan(length), out int used) is { } entry)
        {
            if (length == 0 && entry is not LedgerBase) { break; }
            read(entry);
            length += used;
        }

        if (length == 0) { throw new OutputRefusedException($"'{path}' is no ledger, or its beginning is damaged: this output cannot be resumed."); }

        cut = bytes.Length - length;
        if (cut > 0) { disk.Truncate(path, length); }
        return new LedgerFile(disk, stateFolder, segment, length);
    }

    /// <summary>Reads a segment that grows no more.</summary>
    /// <exception cref="OutputRefusedException">A record of it is damaged.</exception>
    public static List<LedgerEntry> ReadClosed(string stateFolder, int segment) => ReadAll(stateFolder, segment, isClosed: true);

    /// <summary>Reads a segment's whole records.</summary>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="segment">Its number.</param>
    /// <param name="isClosed">Whether a damaged record is an error; in the last segment it is a torn tail.</param>
    /// <exception cref="OutputRefusedException">A record of a closed segment is damaged.</exception>
    public static List<LedgerEntry> ReadAll(string stateFolder, int segment, bool isClosed)
    {
        string path = PathOf(stateFolder, segment);
        byte[] bytes = File.ReadAllBytes(path);
        var entries = new List<LedgerEntry>();
        int length = 0;
        while (LedgerCodec.Read(bytes.AsSpan(length), out int used) is { } entry)
        {
            entries.Add(entry);
            length += used;
        }

        return length == bytes.Length || !isClosed
            ? entries
            : throw new OutputRefusedException($"'{path}' is damaged at byte {length}: this output cannot be resumed.");
    }

    /// <summary>Appends records and flushes them to the disk.</summary>
    public void Append(ReadOnlySpan<byte> records)
    {
        _stream.Write(records);
        _disk.Flush(_stream);
        Bytes += records.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
