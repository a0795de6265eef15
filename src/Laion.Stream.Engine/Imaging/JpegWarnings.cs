namespace LaionStream.Engine.Imaging;

/// <summary>
/// Which of libjpeg's warnings leave the pixels whole. Most say that entropy-coded data is damaged: the picture is then half grey or smeared
/// though it "decodes". A few only find fault with a header that every browser shows (jerror.h of libjpeg-turbo has the texts).
/// </summary>
internal static class JpegWarnings
{
    private static readonly string[] Harmless =
    [
        "unknown JFIF revision number",
        "Unknown Adobe color transform code",
        "Invalid SOS parameters for sequential JPEG",
    ];

    /// <summary>Whether the first warning, which the decoder gave as its reason, is of that kind.</summary>
    /// <param name="cause">The decoder's message.</param>
    /// <param name="header">The file's header: stray bytes are harmless only between the markers before the first scan.</param>
    public static bool LeavePixelsWhole(string cause, in ImageHeader header) =>
        (header.StrayBytes && cause.Contains("extraneous bytes before marker", StringComparison.Ordinal))
        || Harmless.Any(text => cause.Contains(text, StringComparison.Ordinal));
}
