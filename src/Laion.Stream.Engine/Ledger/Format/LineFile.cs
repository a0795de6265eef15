namespace LaionStream.Engine.Ledger.Format;

/// <summary>A file of lines that only grows (<c>manifest.jsonl</c>, <c>done.jsonl</c>, <c>inputs.txt</c>): a line counts once its line end is there.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly IDisk _disk;
    private readonly Stream _stream;

    private LineFile(IDisk disk, string path, long length)
    {
        (_disk, Bytes) = (disk, length);
        _stream = disk.Append(path);
    }

    /// <summary>Its length.</summary>
    public long Bytes { get; private set; }

    /// <summary>Opens the file, cuts a torn last line, and gives the whole lines to <paramref name="read"/>.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="path">The file; made when missing.</param>
    /// <param name="from">Where to begin to read: the start of a line.</param>
    /// <param name="read">Takes a line without its end, valid until it returns, and says whether it is whole. Only the last line may be broken.</param>
    /// <exception cref="OutputRefusedException">A line in the middle is broken, or the file is shorter than <paramref name="from"/>.</exception>
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

    /// <returns>Behind the last whole line, or the complement of a place where a broken one stands before others.</returns>
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
