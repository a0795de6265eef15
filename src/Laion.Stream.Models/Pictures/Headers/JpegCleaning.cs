using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>
/// Removes from a JPEG's markers what libjpeg warns about but no pixel depends on, so that a decode of the rest that fails at the first warning judges the
/// pixels alone. libvips reports that a decode warned, but not about what: its messages are in one buffer of the whole process, together with those of other
/// decodes.
/// </summary>
/// <remarks>
/// Removed: stray bytes between segments, an unknown JFIF revision or Adobe transform (set to what libjpeg uses in their place), spectral
/// parameters of sequential scans (which have no meaning there). A missing end marker is appended if every scan is present.
/// </remarks>
internal ref struct JpegCleaning
{
    private const byte StartOfImage = 0xD8;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const int Coefficients = 64;

    private readonly ReadOnlySpan<byte> _body;
    private readonly byte[] _clean;
    private readonly Dictionary<byte, byte[]> _missingBits = [];
    private int _written;
    private int _adobeTransform;
    private int _components;
    private bool _progressive;
    private bool _changed;

    private JpegCleaning(ReadOnlySpan<byte> body)
    {
        _body = body;
        _clean = new byte[body.Length + 2];
    }

    /// <summary>The same picture without these irregularities.</summary>
    /// <param name="body">The file, from its start marker on.</param>
    /// <returns>Empty when there is nothing to remove or append.</returns>
    public static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> body)
    {
        var cleaning = new JpegCleaning(body);
        return cleaning.Run() && cleaning._changed ? cleaning._clean.AsSpan(0, cleaning._written) : [];
    }

    /// <summary>Whether the file could be parsed to its end marker, or to its end with every scan present.</summary>
    private bool Run()
    {
        Copy(0, 2);
        int at = 2;
        while (at + 2 <= _body.Length)
        {
            byte marker = _body[at + 1];
            if (_body[at] != 0xFF || marker is 0 or 0x01 or (>= 0xD0 and <= 0xD7)) // stray, or a marker without a body that is not allowed here
            {
                at += _body[at] != 0xFF ? 1 : 2;
                _changed = true;
                continue;
            }

            if (marker == 0xFF) // a fill byte
            {
                at++;
                continue;
            }

            if (marker == StartOfImage) { return false; } // a second one is an error, not an irregularity

            if (marker == EndOfImage)
            {
                Copy(at, _body.Length);
                PatchAdobe();
                return true;
            }

            int end = at + 4 <= _body.Length ? at + 2 + BinaryPrimitives.ReadUInt16BigEndian(_body[(at + 2)..]) : int.MaxValue;
            if (end < at + 4 || end > _body.Length) { return false; }
            Segment(marker, at, end);
            at = marker == StartOfScan ? Entropy(end) : end;
        }

        return PutEndOn();
    }

    /// <summary>Copies a scan's data; returns where the next marker starts.</summary>
    private int Entropy(int from)
    {
        int at = from;
        while (_body[at..].IndexOf((byte)0xFF) is >= 0 and int next && at + next + 1 < _body.Length)
        {
            at += next;
            if (_body[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7))) { break; }
            at += _body[at + 1] == 0xFF ? 1 : 2;
        }

        bool ends = at + 1 < _body.Length && _body[at] == 0xFF && _body[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7));
        at = ends ? at : _body.Length;
        Copy(from, at);
        return at;
    }

    private void Segment(byte marker, int at, int end)
    {
        ReadOnlySpan<byte> content = _body[(at + 4)..end];
        int copy = Copy(at, end) + 4;
        switch (marker)
        {
            case 0xE0 when content.Length >= 12 && content.StartsWith("JFIF\0"u8): Set(copy + 5, 1); break;
            case 0xEE when content.Length >= 12 && content.StartsWith("Adobe"u8): _adobeTransform = copy + 11; break;
            case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) when content.Length >= 6 && _missingBits.Count == 0: Frame(marker, content); break;
            case StartOfScan when content.Length >= 1 && content.Length == 4 + (2 * content[0]): Scan(content, copy); break;
        }
    }

    private void Frame(byte marker, ReadOnlySpan<byte> content)
    {
        _progressive = (marker & 3) == 2;
        _components = content[5];
        for (int i = 0; i < _components && 6 + (3 * i) < content.Length; i++)
        {
            byte[] missing = new byte[Coefficients];
            missing.AsSpan().Fill(byte.MaxValue);
            _missingBits[content[6 + (3 * i)]] = missing;
        }
    }

    private void Scan(ReadOnlySpan<byte> content, int copy)
    {
        int parameters = content.Length - 3;
        (int first, int last, byte low) = (content[parameters], Math.Min((int)content[parameters + 1], Coefficients - 1), (byte)(content[parameters + 2] & 15));
        if (!_progressive)
        {
            (first, last, low) = (0, Coefficients - 1, 0);
            Set(copy + parameters, 0);
            Set(copy + parameters + 1, Coefficients - 1);
            Set(copy + parameters + 2, 0);
        }

        for (int i = 0; i < content[0]; i++)
        {
            if (_missingBits.TryGetValue(content[1 + (2 * i)], out byte[]? missing) && last >= first) { missing.AsSpan(first, last - first + 1).Fill(low); }
        }
    }

    /// <summary>For an unknown Adobe transform libjpeg warns and uses the usual one for that number of components.</summary>
    private void PatchAdobe()
    {
        if (_adobeTransform == 0) { return; }

        byte known = _clean[_adobeTransform];
        if (_components == 3 && known > 1) { Set(_adobeTransform, 1); }
        if (_components == 4 && known is not (0 or 2)) { Set(_adobeTransform, 2); }
    }

    /// <summary>
    /// A file without an end marker is complete if its scans sent every bit of every coefficient; the decoder finds out whether the last one is truncated.
    /// </summary>
    private bool PutEndOn()
    {
        if (_missingBits.Count == 0 || _missingBits.Values.Any(bits => bits.AsSpan().ContainsAnyExcept((byte)0))) { return false; }

        PatchAdobe();
        _clean[_written++] = 0xFF;
        _clean[_written++] = EndOfImage;
        _changed = true;
        return true;
    }

    private void Set(int at, byte value)
    {
        _changed |= _clean[at] != value;
        _clean[at] = value;
    }

    private int Copy(int from, int to)
    {
        _body[from..to].CopyTo(_clean.AsSpan(_written));
        _written += to - from;
        return _written - (to - from);
    }
}
