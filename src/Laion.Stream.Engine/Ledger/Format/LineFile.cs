namespace LaionStream.Engine.Ledger.Format;

/// <summary>An append-only file of lines (<c>manifest.jsonl</c>, <c>done.jsonl</c>, <c>inputs.txt</c>). A line counts once its line end is on disk.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly IDisk _disk;
    private readonly Stream _stream;

    private LineFile(IDisk disk, string path, long length)
    {
        (_disk, Bytes) = (disk, length);
        _stream = disk.Append(path);
    }

    /// <summary>The file's length, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Opens the file, truncates a torn last line, and passes the complete lines to <paramref name="read"/>.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="path">The file; created when missing.</param>
    /// <param name="from">Byte offset to start reading at: the start of a line.</param>
    /// <param name="read">
    /// Receives a line without its line end, valid only during the call. Returns whether the line is valid; only the last line may be invalid.
    /// </param>
    /// <exception cref="OutputRefusedException">A line before the last is invalid, or the file is shorter than <paramref name="from"/>.</exception>
    public static LineFile Open(IDisk disk, string path, long from, Func<ReadOnlyMemory<byte>, bool> read)
    {
        if (!File.Exists(path)) { return from == 0 ? new LineFile(disk, path, 0) : throw TooShort(path); }

        long whole;
        long length;
        using (FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0))
        {
            length = file.Length;
            if (length < from) { throw TooShort(path); }

            file.Position = from;
            whole = ReadLines(file, from, read);
            if (whole < 0) { throw new OutputRefusedException($"'{path}' is damaged at byte {~whole}: this output cannot be resumed."); }
        }

        if (whole < length) { disk.Truncate(path, whole); }
        return new LineFile(disk, path, whole);
    }

    /// <summary>Appends lines and flushes them to the disk.</summary>
    /// <param name="lines">With their line ends.</param>
    public void Append(ReadOnlySpan<byte> lines)
    {
        _stream.Write(lines);
        _disk.Flush(_stream);
        Bytes += lines.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <returns>The offset after the last valid line; or, if an invalid line is followed by others, the bitwise complement of its offset.</returns>
    private static long ReadLines(Stream file, long at, Func<ReadOnlyMemory<byte>, bool> read)
    {
        byte[] buffer = new byte[1 << 16];
        int filled = 0;
        while (true)
        {
            int start = 0;
            for (int end; (end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
            {
                if (read(buffer.AsMemory(start, end))) { continue; }
                return start + end + 1 < filled || file.ReadByte() >= 0 ? ~(at + start) : at + start;
            }

            at += start;
            filled -= start;
            buffer.AsSpan(start, filled).CopyTo(buffer);
            if (filled == buffer.Length) { Array.Resize(ref buffer, buffer.Length * 2); }
            int count = file.Read(buffer, filled, buffer.Length - filled);
            if (count == 0) { return at; }
            filled += count;
        }
    }

    private static OutputRefusedException TooShort(string path) =>
        new($"'{path}' is shorter than the ledger says: lines are missing, so this output cannot be resumed.");
}
