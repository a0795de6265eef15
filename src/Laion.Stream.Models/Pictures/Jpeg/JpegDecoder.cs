using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Decodes a JPEG file row by row: 8-bit Huffman-coded baseline, extended and progressive, 1, 3 or 4 components. Pixels equal libjpeg-turbo's (accurate DCT,
/// fancy upsampling). Warnings are recorded per file: the outcome depends only on the file's bytes and the limits.
/// </summary>
/// <remarks>
/// Opening reads headers and allocates almost no memory; the first row allocates <see cref="MemoryNeeded"/>. Not safe for use by several threads.
/// </remarks>
internal sealed class JpegDecoder : IDisposable
{
    private readonly JpegMarkers _markers;
    private readonly JpegFrame _frame;
    private readonly JpegScan _first;
    private readonly int _fileLength;
    private readonly EntropyData _entropy;
    private readonly JpegWarningLog _warnings = new();
    private CoefficientPlane[] _planes = [];
    private Upsampler[] _upsamplers = [];
    private SampleRing[] _rings = [];
    private ScanDecoder? _scan;
    private bool _needsNextRow;
    private int _mcuRow;
    private int _row;

    private JpegDecoder(ReadOnlyMemory<byte> file, JpegLimits limits)
    {
        _fileLength = file.Length;
        _entropy = new EntropyData(file);
        _markers = new JpegMarkers(file, limits, _warnings);
        _first = _markers.NextScan() ?? throw JpegException.Malformed(file.Length, "The file ends before its first scan.");
        _frame = _markers.Frame!;
        ColourSpace = _markers.GuessColours(_frame);
    }

    /// <summary>Width in pixels.</summary>
    public int Width => _frame.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => _frame.Height;

    /// <summary>Bytes per pixel: 1 grey, 3 RGB, 4 CMYK as in libjpeg.</summary>
    public int Components => _frame.Components.Length;

    /// <summary>The colour space of the file's components.</summary>
    public JpegColourSpace ColourSpace { get; }

    /// <summary>Whether there is an Adobe segment: four inks are then stored inverted (255 = none).</summary>
    public bool Adobe => _markers.Adobe;

    /// <summary>Size of a row of pixels in bytes.</summary>
    public int Stride => Width * Components;

    /// <summary>Whether all scans must be read before the first row: progressive, or components in their own scans.</summary>
    public bool Buffered => _frame.Progressive || _first.Components.Length < Components;

    /// <summary>The irregularities so far; complete after the last row.</summary>
    public JpegWarningLog Warnings => _warnings;

    /// <summary>Rows not yet read.</summary>
    public int RowsLeft => Height - _row;

    /// <summary>Bytes that reading rows allocates, without the pixels: coefficients, two MCU rows of samples, the longest scan.</summary>
    public long MemoryNeeded => _fileLength + EntropyData.Padding + _frame.Components.Sum(part =>
        CoefficientPlane.BytesOf(part.PaddedBlocksAcross, Buffered ? part.PaddedBlocksDown : part.Vertical, _frame.Progressive)
        + SampleRing.BytesOf(part) + (part.PaddedBlocksAcross * 8L * ((_frame.MostHorizontal / part.Horizontal) + 2)));

    /// <summary>Reads a file's headers up to its first scan.</summary>
    /// <param name="file">The whole file; it must not change until the decoder is disposed.</param>
    /// <param name="limits">The limits for the file.</param>
    /// <exception cref="JpegException">The file cannot be decoded.</exception>
    public static JpegDecoder Open(ReadOnlyMemory<byte> file, JpegLimits limits) => new(file, limits);

    /// <summary>Decodes a complete file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="limits">The limits for the file.</param>
    /// <param name="cancel">Checked at each MCU row.</param>
    /// <exception cref="JpegException">The file cannot be decoded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static JpegPicture Decode(ReadOnlyMemory<byte> file, JpegLimits limits, CancellationToken cancel)
    {
        using JpegDecoder decoder = Open(file, limits);
        JpegPicture picture = new(decoder);
        try
        {
            for (int row = 0; row < picture.Height; row++) { decoder.ReadRow(new Columns(0, picture.Width), picture.Row(row), cancel); }
            return picture;
        }
        catch
        {
            picture.Dispose();
            throw;
        }
    }

    /// <summary>Reads as many of the next rows as fit.</summary>
    /// <param name="pixels">Rows of <see cref="Stride"/> bytes without padding.</param>
    /// <param name="cancel">Checked at each MCU row.</param>
    /// <returns>Rows read; 0 after the last.</returns>
    /// <exception cref="JpegException">The file cannot be decoded; thrown only before the first row.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public int ReadRows(Span<byte> pixels, CancellationToken cancel)
    {
        int rows = Math.Min(pixels.Length / Stride, RowsLeft);
        for (int i = 0; i < rows; i++) { ReadRow(new Columns(0, Width), pixels.Slice(i * Stride, Stride), cancel); }
        return rows;
    }

    /// <summary>Allocates memory and, if the file is <see cref="Buffered"/>, reads its scans. Reading the first row does it otherwise.</summary>
    /// <param name="cancel">Checked at each MCU row.</param>
    /// <exception cref="JpegException">The file cannot be decoded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Prepare(CancellationToken cancel)
    {
        if (_planes.Length == 0) { Begin(cancel); }
    }

    /// <summary>Reads the next row.</summary>
    /// <param name="columns">The columns that are needed, within the picture; when empty, no samples are converted to pixels.</param>
    /// <param name="pixels">A row of <see cref="Stride"/> bytes; others than those of the columns may have any value.</param>
    /// <param name="cancel">Checked at each MCU row.</param>
    /// <exception cref="JpegException">The file cannot be decoded; thrown only before the first row.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void ReadRow(Columns columns, Span<byte> pixels, CancellationToken cancel)
    {
        Prepare(cancel);
        while (_row >= RowsReady()) { DecodeMcuRow(cancel); }

        int y = _row++;
        if (!columns.IsEmpty) { WritePixels(y, columns, pixels); }
        if (_row == Height && !Buffered) { FinishTail(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Upsampler upsampler in _upsamplers) { upsampler.Dispose(); }
        foreach (SampleRing ring in _rings) { ring.Dispose(); }
        foreach (CoefficientPlane plane in _planes) { plane.Dispose(); }
        _entropy.Dispose();
        _markers.Tables.Dispose();
    }

    private void Begin(CancellationToken cancel)
    {
        JpegComponent[] parts = _frame.Components;
        _planes = [.. parts.Select(
            part => new CoefficientPlane(part.PaddedBlocksAcross, Buffered ? part.PaddedBlocksDown : part.Vertical, _frame.Progressive))];
        _rings = [.. parts.Select(part => new SampleRing(part))];
        _upsamplers = [.. parts.Select((part, i) => new Upsampler(_frame, part, _rings[i]))];
        _needsNextRow = Array.Exists(_upsamplers, upsampler => upsampler.NeedsNextRow);
        if (Buffered) { new ScanCollector(_frame, _markers, _entropy, _planes, _warnings).ReadAll(_first, cancel); }
        else
        {
            SequentialRules.Apply(_first, _warnings);
            _scan = new ScanDecoder(_frame, _first, _markers, _entropy, _planes, _warnings);
        }
    }

    /// <summary>Pixel rows whose samples are available: upsampling may need the row below.</summary>
    private int RowsReady() => _mcuRow == _frame.McusDown ? Height : (_mcuRow * _frame.McuRows) - (_needsNextRow ? 1 : 0);

    private void DecodeMcuRow(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _scan?.DecodeRow(_mcuRow, 0);
        for (int i = 0; i < _planes.Length; i++)
        {
            JpegComponent part = _frame.Components[i];
            for (int y = 0; y < part.Vertical; y++)
            {
                int blockRow = (_mcuRow * part.Vertical) + y;
                Span<short> coefficients = _planes[i].Row(Buffered ? blockRow : y);
                InverseDct.TransformRow(coefficients, part.Quantisers, _rings[i].BlockRow(blockRow), _rings[i].Stride);
                if (!Buffered) { coefficients.Clear(); }
            }
        }

        _mcuRow++;
    }

    private void WritePixels(int y, Columns columns, Span<byte> row)
    {
        Span<byte> pixels = row[(columns.First * Components)..(columns.End * Components)];
        switch (ColourSpace)
        {
            case JpegColourSpace.YCbCr:
                ColourConverter.ToRgb(Samples(0, y, columns), Samples(1, y, columns), Samples(2, y, columns), pixels);
                break;
            case JpegColourSpace.Ycck:
                ColourConverter.ToCmyk(Samples(0, y, columns), Samples(1, y, columns), Samples(2, y, columns), Samples(3, y, columns), pixels);
                break;
            case JpegColourSpace.Grey:
                Samples(0, y, columns)[..pixels.Length].CopyTo(pixels);
                break;
            default:
                for (int i = 0; i < Components; i++) { ColourConverter.Interleave(Samples(i, y, columns), pixels, i, Components); }
                break;
        }
    }

    private ReadOnlySpan<byte> Samples(int component, int y, Columns columns) => _upsamplers[component].Row(y, columns)[columns.First..];

    /// <summary>Reads on to the end marker. All pixels are decoded, so nothing that follows can damage them.</summary>
    private void FinishTail()
    {
        _scan!.Finish();
        _markers.GoOnAt(_entropy.MarkerOffset);
        try
        {
            if (_markers.NextScan() is { } scan) { _warnings.Add(JpegWarningKind.RepeatedScan, scan.Offset); }
        }
        catch (JpegException e)
        {
            _warnings.Add(JpegWarningKind.BadTail, e.Offset);
        }
    }
}
