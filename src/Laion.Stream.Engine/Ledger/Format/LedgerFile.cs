using System.Globalization;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// The ledger on disk: numbered segments of checksummed records below <c>state/</c>. Only the last segment grows, and only that one is read at start.
/// </summary>
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

    /// <summary>The segment's length, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Length right after the segment's snapshot, in bytes; the segment's size limit counts from here.</summary>
    public long BaseBytes { get; private init; }

    /// <summary>The path of a segment.</summary>
    public static string PathOf(string stateFolder, int segment) =>
        Path.Combine(stateFolder, string.Create(CultureInfo.InvariantCulture, $"ledger-{segment:D6}.log"));

    /// <summary>The number of the last segment, or 0 when there is none.</summary>
    public static int LastSegment(string stateFolder) => Directory.EnumerateFiles(stateFolder, "ledger-*.log")
        .Select(path => Path.GetFileNameWithoutExtension(path).AsSpan(7) is var digits
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>Begins a segment. The file gets its name only once its first records are complete and flushed.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="segment">The segment's number.</param>
    /// <param name="records">A buffer for the records.</param>
    /// <param name="make">Adds the first records to the buffer.</param>
    public static LedgerFile Begin(IDisk disk, string stateFolder, int segment, RecordBuffer records, Action make)
    {
        string path = PathOf(stateFolder, segment);
        long bytes;
        using (Stream file = disk.Create(path + ".tmp"))
        {
            bytes = records.WriteTo(file, make);
            disk.Flush(file);
        }

        disk.Rename(path + ".tmp", path);
        disk.FlushFolder(stateFolder);
        return new LedgerFile(disk, stateFolder, segment, bytes) { BaseBytes = bytes };
    }

    /// <summary>Opens the last segment for appending after its last complete record, and truncates what a crash left after that.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="segment">Its number.</param>
    /// <param name="cut">Bytes that were truncated.</param>
    /// <exception cref="OutputRefusedException">The file does not begin with a segment's first record.</exception>
    public static LedgerFile Open(IDisk disk, string stateFolder, int segment, out long cut)
    {
        _ = BaseOf(stateFolder, segment);
        string path = PathOf(stateFolder, segment);
        long whole;
        using (var reader = new LedgerReader(path))
        {
            while (reader.TryNext(out _)) { }
            whole = reader.Position;
            cut = reader.Length - whole;
        }

        if (cut > 0) { disk.Truncate(path, whole); }
        return new LedgerFile(disk, stateFolder, segment, whole);
    }

    /// <summary>The first record of a segment.</summary>
    /// <exception cref="OutputRefusedException">The file does not begin with a segment's first record.</exception>
    public static LedgerBase BaseOf(string stateFolder, int segment)
    {
        string path = PathOf(stateFolder, segment);
        using var reader = new LedgerReader(path);
        return reader.TryNext(out ReadOnlySpan<byte> payload) && LedgerCodec.Read(payload) is LedgerBase start
            ? start
            : throw new OutputRefusedException($"'{path}' is no ledger, or its beginning is damaged: this output cannot be resumed.");
    }

    /// <summary>Reads a segment's complete records in order.</summary>
    /// <param name="stateFolder">The output's <c>state</c> folder.</param>
    /// <param name="segment">Its number.</param>
    /// <param name="isClosed">
    /// Whether the segment is closed, so that a damaged record is an error. In the last segment it is a torn tail, which is ignored.
    /// </param>
    /// <exception cref="OutputRefusedException">A record of a closed segment is damaged.</exception>
    public static IEnumerable<LedgerEntry> Read(string stateFolder, int segment, bool isClosed)
    {
        string path = PathOf(stateFolder, segment);
        using var reader = new LedgerReader(path);
        while (Next(reader) is { } entry) { yield return entry; }

        if (isClosed && reader.Position < reader.Length)
        {
            throw new OutputRefusedException($"'{path}' is damaged at byte {reader.Position}: this output cannot be resumed.");
        }
    }

    /// <summary>Appends records and flushes them to the disk; does nothing when there are none.</summary>
    /// <param name="records">A buffer for the records.</param>
    /// <param name="make">Adds the records to the buffer.</param>
    public void Append(RecordBuffer records, Action make)
    {
        long bytes = records.WriteTo(_stream, make);
        if (bytes == 0) { return; }

        _disk.Flush(_stream);
        Bytes += bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static LedgerEntry? Next(LedgerReader reader) => reader.TryNext(out ReadOnlySpan<byte> payload) ? LedgerCodec.Read(payload) : null;
}
