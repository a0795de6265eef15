using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Tars;

/// <summary>
/// Enumerates the files of a tar without their bytes. Links, folders, devices and sparse files are skipped. What follows a damaged header cannot be located,
/// so it ends the tar; so does an entry that is longer than the tar.
/// </summary>
/// <param name="tar">The tar; can seek.</param>
/// <param name="health">Counts entries and damage.</param>
internal sealed class TarEntries(Stream tar, InputHealth health)
{
    private const int MaxExtraBytes = 1 << 20; // of a long name or a pax header, which are read into memory

    private readonly byte[] _block = new byte[TarHeader.Block];
    private readonly long _length = tar.Length;
    private long _next;

    /// <summary>The next file; null at the end.</summary>
    public async ValueTask<TarEntry?> NextAsync(CancellationToken stop)
    {
        string? longName = null;
        PaxRecords pax = default;
        while (await ReadHeaderAsync(stop) is { } header)
        {
            long start = _next;
            long bytes = pax.Size ?? (header.HasBytes ? header.Bytes : 0);
            if (bytes < 0 || bytes > _length - start) { return Damaged(); }

            _next = Math.Min(_length, start + ((bytes + TarHeader.Block - 1) / TarHeader.Block * TarHeader.Block));
            switch (header.Kind)
            {
                case 'L' or 'x' when bytes > MaxExtraBytes:
                    return Damaged();
                case 'L':
                    longName = TarHeader.Text(await ReadAsync(start, (int)bytes, stop));
                    break;
                case 'x':
                    pax = PaxRecords.Parse(await ReadAsync(start, (int)bytes, stop));
                    break;
                case 'K' or 'g':
                    break; // the target of a link, and records for all entries: no file's name or size
                default:
                    health.Records++;
                    if (header.IsFile && !pax.IsSparse) { return new TarEntry(pax.Path ?? longName ?? header.Name, start, bytes); }
                    (longName, pax) = (null, default);
                    break;
            }
        }

        return null;
    }

    /// <summary>Reads bytes of an entry.</summary>
    /// <param name="start">Offset in the tar.</param>
    /// <param name="bytes">Number of bytes, all in the tar.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="EndOfStreamException">The tar became shorter.</exception>
    public async ValueTask<byte[]> ReadAsync(long start, int bytes, CancellationToken stop)
    {
        byte[] read = new byte[bytes];
        tar.Position = start;
        await tar.ReadExactlyAsync(read, stop);
        health.Bytes += bytes;
        return read;
    }

    /// <summary>The next header, with the blocks of its sparse map skipped; null at the end, and after damage.</summary>
    private async ValueTask<TarHeader?> ReadHeaderAsync(CancellationToken stop)
    {
        if (!await ReadBlockAsync(stop)) { return null; }
        if (_block.AsSpan().IndexOfAnyExcept((byte)0) < 0)
        {
            _next = _length; // what follows the end is padding
            return null;
        }

        if (!TarHeader.TryParse(_block, out TarHeader header))
        {
            Damaged();
            return null;
        }

        health.Missing = null;
        for (bool isContinued = header.IsContinued; isContinued;)
        {
            if (!await ReadBlockAsync(stop)) { return null; }
            isContinued = _block[504] != 0;
        }

        return header;
    }

    /// <summary>Reads the next block; false at the end of the file, which is not reached in a tar that is whole: it ends with blocks of zeros.</summary>
    private async ValueTask<bool> ReadBlockAsync(CancellationToken stop)
    {
        if (_length - _next < TarHeader.Block)
        {
            health.EndTooEarly();
            _next = _length;
            return false;
        }

        tar.Position = _next;
        await tar.ReadExactlyAsync(_block, stop);
        _next += TarHeader.Block;
        health.Bytes += TarHeader.Block;
        return true;
    }

    private TarEntry? Damaged()
    {
        health.SkipMember();
        health.EndTooEarly();
        _next = _length;
        return null;
    }
}
