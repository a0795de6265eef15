namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Reads all scans of a file that sends its picture in several, into coefficients of the whole picture.</summary>
internal sealed class ScanCollector(JpegFrame frame, JpegMarkers markers, EntropyData entropy, CoefficientPlane[] planes, JpegWarningLog warnings)
{
    private readonly HashSet<JpegComponent> _seen = [];

    /// <summary>Reads from the first scan to the end marker.</summary>
    /// <param name="first">The first scan, whose header was read.</param>
    /// <param name="cancel">Checked at each MCU row.</param>
    /// <exception cref="JpegException">A later segment violates the format while something is missing, or the file omits bits of its coefficients.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void ReadAll(JpegScan first, CancellationToken cancel)
    {
        bool complete = false; // by the scans that were read; a truncated scan has marked its bits already
        try
        {
            for (JpegScan? scan = first; scan is not null; scan = markers.NextScan())
            {
                Read(scan, cancel);
                complete = Complete;
            }
        }
        catch (JpegException e) when (e.Kind == JpegErrorKind.Malformed && complete)
        {
            warnings.Add(JpegWarningKind.BadTail, e.Offset);
            return;
        }

        if (Complete) { return; }
        bool ended = warnings.CountOf(JpegWarningKind.MissingEnd) == 0;
        if (frame.Progressive && ended && warnings.PixelsWhole && _seen.Count == planes.Length)
        {
            // Legal, though rare: libjpeg guesses the missing bits from the adjacent blocks.
            throw JpegException.NotSupported(entropy.MarkerOffset, "A progressive file that omits bits of its coefficients.");
        }

        warnings.Add(JpegWarningKind.MissingScans, entropy.MarkerOffset, 0);
        foreach (JpegComponent part in frame.Components) { part.Quantisers ??= new short[ZigZag.GroupSize]; }
    }

    private bool Complete => frame.Progressive
        ? frame.Components.All(part => !part.KnownBits.AsSpan().ContainsAnyExcept((sbyte)0))
        : _seen.Count == planes.Length;

    private void Read(JpegScan scan, CancellationToken cancel)
    {
        if (frame.Progressive) { ProgressionRules.Apply(scan, warnings); }
        bool repeated = false;
        foreach (JpegComponent part in scan.Components) { repeated |= !_seen.Add(part); }
        if (!frame.Progressive)
        {
            SequentialRules.Apply(scan, warnings);
            if (repeated) { warnings.Add(JpegWarningKind.RepeatedScan, scan.Offset); }
        }

        var decoder = new ScanDecoder(frame, scan, markers, entropy, planes, warnings);
        for (int row = 0; row < decoder.Rows; row++)
        {
            cancel.ThrowIfCancellationRequested();
            decoder.DecodeRow(row, row);
        }

        decoder.Finish();
        markers.GoOnAt(entropy.MarkerOffset);
    }
}
