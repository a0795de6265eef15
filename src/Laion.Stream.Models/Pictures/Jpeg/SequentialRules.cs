namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>What a scan of a sequential file may say of its band.</summary>
internal static class SequentialRules
{
    /// <summary>Notes a band other than the whole: some encoders leave zeros there.</summary>
    public static void Apply(JpegScan scan, JpegWarningLog warnings)
    {
        if (scan is not { First: 0, Last: 63, High: 0, Low: 0 }) { warnings.Add(JpegWarningKind.SequentialScanParameters, scan.Offset); }
    }
}
