namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>One kind of irregularity in a decode.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Count">How often.</param>
/// <param name="Offset">Offset of the first one in the file, in bytes.</param>
/// <param name="WholeRows">Pixel rows, from the top, that it cannot have affected.</param>
internal readonly record struct JpegWarning(JpegWarningKind Kind, int Count, int Offset, int WholeRows)
{
    /// <summary>Whether every pixel nevertheless is as the encoder sent it.</summary>
    public bool PixelsWhole => Kind < JpegWarningKind.PrematureEnd;
}
