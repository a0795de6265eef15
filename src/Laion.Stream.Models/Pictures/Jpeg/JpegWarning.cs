namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>One kind of oddity that a decode met.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Count">How often.</param>
/// <param name="Offset">Byte in the file where it came first.</param>
/// <param name="WholeRows">Pixel rows, from the top, that it cannot have touched.</param>
internal readonly record struct JpegWarning(JpegWarningKind Kind, int Count, int Offset, int WholeRows)
{
    /// <summary>Whether every pixel is as the encoder sent it in spite of it.</summary>
    public bool PixelsWhole => Kind < JpegWarningKind.PrematureEnd;
}
