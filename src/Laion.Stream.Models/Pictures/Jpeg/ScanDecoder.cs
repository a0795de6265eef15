namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Decodes one scan's MCU rows into coefficient planes: restart intervals, resynchronisation and exhausted data as libjpeg handles them (jdhuff.c, jdphuff.c).
/// </summary>
internal sealed class ScanDecoder
{
    private readonly JpegFrame _frame;
    private readonly JpegScan _scan;
    private readonly EntropyData _entropy;
    private readonly JpegWarningLog _warnings;
    private readonly ScanPart[] _parts;
    private readonly McuBlock[] _blocks;
    private readonly int _interval;
    private int _leftInInterval;
    private int _nextRestart;
    private int _intervalRow;
    private int _endOfBands;
    private bool _exhausted;

    /// <summary>Starts a scan: validates its header and copies its first data.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="scan">The scan's header.</param>
    /// <param name="markers">Has the tables and the restart interval.</param>
    /// <param name="entropy">The scan's data.</param>
    /// <param name="planes">Receive the coefficients of each component of the frame.</param>
    /// <param name="warnings">Records irregularities.</param>
    /// <exception cref="JpegException">A table is missing, or an MCU is larger than the format allows.</exception>
    public ScanDecoder(JpegFrame frame, JpegScan scan, JpegMarkers markers, EntropyData entropy, CoefficientPlane[] planes, JpegWarningLog warnings)
    {
        (_frame, _scan, _entropy, _warnings) = (frame, scan, entropy, warnings);
        if (Interleaved && scan.Components.Sum(part => part.Horizontal * part.Vertical) > 10)
        {
            throw JpegException.Malformed(scan.Offset, "More than 10 blocks an MCU.");
        }

        markers.Tables.Latch(scan.Components, scan.Offset);
        if (!frame.Progressive) { markers.Tables.AddStandardHuffman(); }
        bool dc = !frame.Progressive || (scan.First == 0 && scan.High == 0), ac = !frame.Progressive || scan.First > 0;
        _parts = [.. scan.Components.Select(part => new ScanPart(
            part,
            planes[Array.IndexOf(frame.Components, part)],
            dc ? markers.Tables.Dc(part.DcTable, scan.Offset) : null,
            ac ? markers.Tables.Ac(part.AcTable, scan.Offset) : null))];
        _blocks = Interleaved ? McuBlock.Of(_parts) : [];
        _interval = _leftInInterval = markers.RestartInterval;
        entropy.Begin(scan.DataOffset);
    }

    /// <summary>MCU rows of the scan.</summary>
    public int Rows => Interleaved ? _frame.McusDown : _parts[0].Component.BlocksDown;

    private bool Interleaved => _scan.Components.Length > 1;

    /// <summary>Decodes one MCU row.</summary>
    /// <param name="row">Its number, for warnings.</param>
    /// <param name="planeRow">The same when the planes hold the whole picture, 0 when they hold one MCU row.</param>
    public void DecodeRow(int row, int planeRow)
    {
        if (_frame.Progressive && _scan.First > 0)
        {
            DecodeBandRow(row, planeRow);
            return;
        }

        int across = Interleaved ? _frame.McusAcross : _parts[0].Component.BlocksAcross;
        foreach (ref McuBlock at in _blocks.AsSpan()) { at.BeginRow(planeRow, across); }
        for (int column = 0; column < across; column++)
        {
            if (_interval > 0 && _leftInInterval == 0) { Restart(row); }
            _leftInInterval--;
            if (_exhausted) { continue; }

            BlockFault fault = Interleaved ? ReadMcu(column) : ReadBlock(_parts[0], column, planeRow);
            if (fault != BlockFault.None) { Note(fault); }
            if (_entropy.Ran) { NoteEnd(row); }
        }
    }

    /// <summary>Records the data that is left after all rows are decoded.</summary>
    public void Finish()
    {
        (int count, bool padding, int offset) = _entropy.Left();
        if (count > 0) { _warnings.Add(padding ? JpegWarningKind.PaddingAfterData : JpegWarningKind.StrayBytesAfterScan, offset); }
    }

    private BlockFault ReadMcu(int column)
    {
        BlockFault fault = BlockFault.None;
        ref byte data = ref _entropy.First;
        ref BitState state = ref _entropy.State;
        foreach (ref readonly McuBlock at in _blocks.AsSpan())
        {
            fault |= _frame.Progressive
                ? ReadProgressiveDc(at.Part, ref data, ref at.In(column))
                : BlockReader.ReadSequential(ref state, ref data, at.Dc!, at.Ac!, ref at.In(column), ref at.Part.Prediction);
        }

        return fault;
    }

    private BlockFault ReadBlock(ScanPart part, int column, int row)
    {
        ref short block = ref part.Plane.Block(row, column);
        ref byte data = ref _entropy.First;
        return _frame.Progressive
            ? ReadProgressiveDc(part, ref data, ref block)
            : BlockReader.ReadSequential(ref _entropy.State, ref data, part.Dc!, part.Ac!, ref block, ref part.Prediction);
    }

    /// <summary>Decodes a row of blocks of a progressive scan of AC coefficients, skipping those with nothing to read.</summary>
    private void DecodeBandRow(int row, int planeRow)
    {
        ScanPart part = _parts[0];
        Span<ulong> masks = part.Plane.Masks(planeRow)[..part.Component.BlocksAcross];
        ulong band = RefinementReader.From(_scan.First) & ~RefinementReader.From(_scan.Last + 1);
        for (int column = 0; column < masks.Length; column++)
        {
            if (_interval > 0 && _leftInInterval == 0) { Restart(row); }
            _leftInInterval--;
            if (_exhausted) { continue; }
            if (_endOfBands > 0 && (_scan.High == 0 || (masks[column] & band) == 0))
            {
                _endOfBands--;
                continue;
            }

            BlockFault fault = ReadBand(part, ref part.Plane.Block(planeRow, column), ref masks[column]);
            if (fault != BlockFault.None) { Note(fault); }
            if (_entropy.Ran) { NoteEnd(row); }
        }
    }

    private BlockFault ReadBand(ScanPart part, ref short block, ref ulong mask)
    {
        if (_scan.High > 0) { return RefinementReader.Read(ref _entropy.State, ref _entropy.First, part.Ac!, ref block, ref mask, _scan, ref _endOfBands); }

        BlockFault fault = BlockReader.ReadAcFirst(ref _entropy.State, ref _entropy.First, part.Ac!, ref block, ref mask, _scan, ref _endOfBands);
        if (_endOfBands > 0) { _endOfBands--; }
        return fault;
    }

    private BlockFault ReadProgressiveDc(ScanPart part, ref byte data, ref short block)
    {
        if (_scan.High == 0) { return BlockReader.ReadDcFirst(ref _entropy.State, ref data, part.Dc!, ref block, ref part.Prediction, _scan.Low); }
        BlockReader.ReadDcRefinement(ref _entropy.State, ref data, ref block, _scan.Low);
        return BlockFault.None;
    }

    /// <summary>Reads the restart marker that is expected here.</summary>
    private void Restart(int row)
    {
        (int left, bool padding, int offset) = _entropy.Left();
        if (left > 0 && padding) { _warnings.Add(JpegWarningKind.PaddingAfterData, offset); }
        if (left > 0 && !padding) { Warn(JpegWarningKind.StrayBytesBeforeRestart, offset, _intervalRow); }

        if (_entropy.Marker == 0xD0 + _nextRestart)
        {
            _entropy.Begin(_entropy.MarkerOffset + 1);
            _exhausted = false;
        }
        else
        {
            Warn(JpegWarningKind.RestartResync, _entropy.MarkerOffset, _entropy.Marker == 0 ? row : _intervalRow);
            Resynchronise();
        }

        _nextRestart = (_nextRestart + 1) & 7;
        _leftInInterval = _interval;
        _intervalRow = row;
        _endOfBands = 0;
        foreach (ScanPart part in _parts) { part.Prediction = 0; }
    }

    /// <summary>Decides what an unexpected marker means, as <c>jpeg_resync_to_restart</c> does.</summary>
    private void Resynchronise()
    {
        while (true)
        {
            int marker = _entropy.Marker, ahead = (marker - 0xD0 - _nextRestart) & 7;
            bool restart = marker is >= 0xD0 and <= 0xD7;
            if (marker == 0 || (marker >= 0xC0 && !restart) || (restart && ahead is 1 or 2))
            {
                _entropy.BeginEmpty(); // another kind of marker, or one of the next two restarts: this interval was lost
                return;
            }

            _entropy.Begin(_entropy.MarkerOffset + 1);
            if (restart && ahead is not (6 or 7))
            {
                _exhausted = false; // the expected one, or too far from it to tell
                return;
            }
        }
    }

    /// <summary>The data ended within an MCU: the rest of the interval is not decoded.</summary>
    private void NoteEnd(int row)
    {
        // If the file ends here, what came before is intact; before a marker, an earlier damaged bit may have shifted the codes.
        _exhausted = true;
        Warn(JpegWarningKind.PrematureEnd, _entropy.MarkerOffset, _entropy.Marker == 0 ? row : _intervalRow);
    }

    private void Note(BlockFault fault)
    {
        if ((fault & BlockFault.Code) != 0) { Warn(JpegWarningKind.BadCode, _entropy.Offset(), _intervalRow); }
        if ((fault & BlockFault.Coefficient) != 0) { Warn(JpegWarningKind.BadCoefficient, _entropy.Offset(), _intervalRow); }
    }

    private void Warn(JpegWarningKind kind, int offset, int mcuRow)
    {
        // Upsampling also reads the row below: one pixel row less is certain.
        int height = Interleaved ? _frame.McuRows : 8 * _frame.MostVertical / _parts[0].Component.Vertical;
        _warnings.Add(kind, offset, Math.Max(0, (mcuRow * height) - 1));
    }
}
