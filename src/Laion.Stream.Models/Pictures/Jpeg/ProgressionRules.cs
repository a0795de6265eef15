namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Which scans may follow which in a progressive file, as in libjpeg (jdphuff.c, <c>start_pass_phuff_decoder</c>).</summary>
internal static class ProgressionRules
{
    /// <summary>Checks a scan and records what is known after it.</summary>
    /// <exception cref="JpegException">The band or the bit positions are impossible.</exception>
    public static void Apply(JpegScan scan, JpegWarningLog warnings)
    {
        bool dc = scan.First == 0;
        bool band = dc ? scan.Last == 0 : scan.First <= scan.Last && scan.Last < 64 && scan.Components.Length == 1;
        if (!band || (scan.High != 0 && scan.Low != scan.High - 1) || scan.Low > 13)
        {
            throw JpegException.Malformed(scan.Offset, $"A scan of band {scan.First} to {scan.Last}, bits {scan.High} to {scan.Low}.");
        }

        foreach (JpegComponent part in scan.Components)
        {
            bool fits = dc || part.KnownBits[0] >= 0, repeats = scan.High == 0;
            for (int k = scan.First; k <= scan.Last; k++)
            {
                repeats &= part.KnownBits[k] == scan.Low;
                fits &= scan.High > 0 ? part.KnownBits[k] == scan.High : part.KnownBits[k] < 0;
                part.KnownBits[k] = (sbyte)scan.Low;
            }

            if (repeats) { warnings.Add(JpegWarningKind.RepeatedScan, scan.Offset); }
            else if (!fits) { warnings.Add(JpegWarningKind.InconsistentProgression, scan.Offset, 0); }
        }
    }
}
