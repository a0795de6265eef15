using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Parses the markers of a file as libjpeg does (jdmarker.c), keeps the tables they define and stops at each scan. Every length is checked against the file,
/// and every step advances.
/// </summary>
/// <param name="file">The whole file.</param>
/// <param name="limits">The limits for the header.</param>
/// <param name="warnings">Records irregularities.</param>
internal sealed class JpegMarkers(ReadOnlyMemory<byte> file, JpegLimits limits, JpegWarningLog warnings)
{
    private readonly JpegTables _tables = new();
    private int _at = 2;
    private bool _jfif;
    private int _adobeTransform = -1;

    /// <summary>The frame header; null until it is found.</summary>
    public JpegFrame? Frame { get; private set; }

    /// <summary>The tables as defined so far.</summary>
    public JpegTables Tables => _tables;

    /// <summary>MCUs between restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>Scans found so far.</summary>
    public int Scans { get; private set; }

    /// <summary>Whether an Adobe segment was found: its CMYK pictures are stored inverted.</summary>
    public bool Adobe => _adobeTransform >= 0;

    /// <summary>Continues at the marker whose code is at <paramref name="offset"/>, which ended a scan's data.</summary>
    public void GoOnAt(int offset) => _at = offset >= file.Length ? file.Length : offset - 1;

    /// <summary>Reads up to the next scan.</summary>
    /// <returns>The scan; null at the end marker or at the file's end.</returns>
    /// <exception cref="JpegException">A segment violates the format.</exception>
    public JpegScan? NextScan()
    {
        ReadOnlySpan<byte> source = file.Span;
        if (Scans == 0 && !source.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8])) { throw JpegException.Malformed(0, "No start marker."); }

        while (NextMarker(source) is var marker and > 0)
        {
            int code = _at - 1;
            switch (marker)
            {
                case 0xD9: return null;
                case 0xDA: return ReadScan(Segment(source), code);
                case >= 0xD0 and <= 0xD7 or 0x01: break; // without a body
                default: ReadSegment(marker, Segment(source), code); break;
            }
        }

        if (Scans == 0) { throw JpegException.Malformed(source.Length, "The file ends before its first scan."); }
        warnings.Add(JpegWarningKind.MissingEnd, source.Length);
        return null;
    }

    /// <summary>The colour space of the components, guessed as in libjpeg.</summary>
    public JpegColourSpace GuessColours(JpegFrame frame)
    {
        JpegComponent[] parts = frame.Components;
        if (parts.Length == 1) { return JpegColourSpace.Grey; }

        bool unknown = parts.Length == 3 ? !_jfif && _adobeTransform > 1 : _adobeTransform is 1 or > 2;
        if (unknown) { warnings.Add(JpegWarningKind.AdobeTransform, 0); }
        if (parts.Length == 4) { return _adobeTransform > 0 ? JpegColourSpace.Ycck : JpegColourSpace.Cmyk; }
        if (_jfif) { return JpegColourSpace.YCbCr; }
        if (Adobe) { return _adobeTransform == 0 ? JpegColourSpace.Rgb : JpegColourSpace.YCbCr; }
        return parts[0].Id == 'R' && parts[1].Id == 'G' && parts[2].Id == 'B' ? JpegColourSpace.Rgb : JpegColourSpace.YCbCr;
    }

    private byte NextMarker(ReadOnlySpan<byte> source)
    {
        int begun = _at;
        bool stray = false;
        while (_at < source.Length)
        {
            int skipped = source[_at..].IndexOf((byte)0xFF);
            stray |= skipped != 0;
            _at = skipped < 0 ? source.Length : _at + skipped;
            while (_at < source.Length && source[_at] == 0xFF) { _at++; }
            if (_at >= source.Length) { break; }

            byte code = source[_at++];
            stray |= code == 0; // a stuffed byte outside a scan
            if (code == 0) { continue; }

            if (stray) { warnings.Add(Scans == 0 ? JpegWarningKind.StrayHeaderBytes : JpegWarningKind.StrayBytesAfterScan, begun); }
            return code;
        }

        return 0;
    }

    /// <summary>The segment's body; <see cref="_at"/> moves past it.</summary>
    private ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> source)
    {
        int begin = _at;
        if (source.Length - begin < 2) { throw JpegException.Malformed(begin, "The file ends within a segment."); }

        int length = Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(source[begin..]));
        if (source.Length - begin < length) { throw JpegException.Malformed(begin, "The file ends within a segment."); }
        _at = begin + length;
        return source.Slice(begin + 2, length - 2);
    }

    private void ReadSegment(byte marker, ReadOnlySpan<byte> body, int offset)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                if (Frame is not null) { throw JpegException.Malformed(offset, "A second frame."); }
                Frame = JpegFrameReader.Read(body, marker == 0xC2, offset, limits);
                break;
            case 0xC4: _tables.DefineHuffman(body, offset); break;
            case 0xDB: _tables.DefineQuantisation(body, offset); break;
            case 0xDD:
                if (body.Length != 2) { throw JpegException.Malformed(offset, "A restart interval of wrong length."); }
                RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(body);
                break;
            case 0xE0: ReadJfif(body, offset); break;
            case 0xEE when body.Length >= 12 && body.StartsWith("Adobe"u8): _adobeTransform = body[11]; break;
            case 0xCC or 0xDC or 0xFE or (>= 0xE0 and <= 0xEF): break; // DAC and DNL, which libjpeg ignores as well; comments, applications
            case 0xC3 or (>= 0xC5 and <= 0xCF) or 0xDE or 0xDF: throw JpegException.NotSupported(offset, $"Process {marker:X2} is not supported.");
            default: throw JpegException.Malformed(offset, $"Marker {marker:X2} is not valid.");
        }
    }

    private void ReadJfif(ReadOnlySpan<byte> body, int offset)
    {
        if (body.Length < 14 || !body.StartsWith("JFIF\0"u8)) { return; }

        _jfif = true;
        if (body[5] != 1) { warnings.Add(JpegWarningKind.JfifVersion, offset); }
    }

    private JpegScan ReadScan(ReadOnlySpan<byte> body, int offset)
    {
        if (Frame is null) { throw JpegException.Malformed(offset, "A scan before its frame."); }
        if (++Scans > limits.MaxScans) { throw new JpegException(JpegErrorKind.TooLarge, offset, $"More than {limits.MaxScans} scans."); }
        if (body.IsEmpty || body[0] is < 1 or > 4 || body.Length != (body[0] * 2) + 4)
        {
            throw JpegException.Malformed(offset, "A scan header of wrong length.");
        }

        var parts = new JpegComponent[body[0]];
        for (int i = 0; i < parts.Length; i++)
        {
            byte id = body[1 + (i * 2)], tables = body[2 + (i * 2)];
            JpegComponent part = Array.Find(Frame.Components, component => component.Id == id && !parts.Contains(component))
                ?? throw JpegException.Malformed(offset, $"A scan of component {id}, which the frame does not have or the scan has twice.");
            (part.DcTable, part.AcTable) = (tables >> 4, tables & 15);
            parts[i] = part;
        }

        ReadOnlySpan<byte> rest = body[(1 + (parts.Length * 2))..];
        return new JpegScan(parts, rest[0], rest[1], rest[2] >> 4, rest[2] & 15, offset, _at);
    }
}
