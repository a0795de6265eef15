namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Which bands a scan of a sequential file may give.</summary>
internal static class SequentialRules
{
    /// <summary>Records a band other than all coefficients: some encoders leave zeros there.</summary>
    public static void Apply(JpegScan scan, JpegWarningLog warnings)
    {
        if (scan is not { First: 0, Last: 63, High: 0, Low: 0 }) { warnings.Add(JpegWarningKind.SequentialScanParameters, scan.Offset); }
    }
}
