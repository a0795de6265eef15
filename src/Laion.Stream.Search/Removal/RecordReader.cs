namespace LaionStream.Search.Removal;

/// <summary>Splits a text file into its records: lines, or of comma-separated values what ends in a line end outside of quotes.</summary>
/// <param name="input">The file.</param>
/// <param name="path">Its path, for messages.</param>
/// <param name="hasQuotes">Whether a record may contain line ends in quotes.</param>
internal sealed class RecordReader(Stream input, string path, bool hasQuotes)
{
    private const int LongestRecord = 64 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _from;
    private int _to;
    private bool _isEnd;

    /// <summary>Reads the next record.</summary>
    /// <param name="record">Its bytes with the line end; valid until the next call.</param>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InvalidDataException">A record is longer than any of ours: the file has another form.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> record)
    {
        bool isQuoted = false;
        for (int at = _from; ;)
        {
            for (; at < _to; at++)
            {
                if (hasQuotes && _buffer[at] == '"') { isQuoted = !isQuoted; }
                if (_buffer[at] != '\n' || isQuoted) { continue; }

                record = _buffer.AsMemory(_from, at + 1 - _from);
                _from = at + 1;
                return true;
            }

            if (_isEnd)
            {
                record = _buffer.AsMemory(_from, _to - _from);
                _from = _to;
                return record.Length > 0;
            }

            at -= _from;
            Fill();
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        if (_to == _buffer.Length)
        {
            if (_to >= LongestRecord) { throw new InvalidDataException($"'{path}' has a record of more than {LongestRecord >> 20} MiB: it has another form"); }
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = input.Read(_buffer, _to, _buffer.Length - _to);
        _isEnd = read == 0;
        _to += read;
    }
}
