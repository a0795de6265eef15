namespace LaionStream.Engine.Checkpoint;

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
    /// <param name="read">Takes a line without its end and says whether it is whole. Only the last line may be broken.</param>
    /// <exception cref="OutputRefusedException">A line in the middle is broken, or the file is shorter than <paramref name="from"/>.</exception>
    public static LineFile Open(IDisk disk, string path, long from, Func<ReadOnlyMemory<byte>, bool> read)
    {
        byte[] bytes = [];
        long length = 0;
        if (File.Exists(path))
        {
            using FileStream file = File.OpenRead(path);
            length = file.Length;
            if (length < from) { throw new OutputRefusedException($"'{path}' is shorter than the ledger says: lines are missing, so this output cannot be resumed."); }

            file.Position = from;
            bytes = new byte[length - from];
            file.ReadExactly(bytes);
        }

        int whole = 0;
        for (int end; (end = bytes.AsSpan(whole).IndexOf((byte)'\n')) >= 0; whole += end + 1)
        {
            if (read(bytes.AsMemory(whole, end))) { continue; }
            if (whole + end + 1 < bytes.Length) { throw new OutputRefusedException($"'{path}' is damaged at byte {from + whole}: this output cannot be resumed."); }
            break;
        }

        if (from + whole < length) { disk.Truncate(path, from + whole); }
        return new LineFile(disk, path, from + whole);
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
}
