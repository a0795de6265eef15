namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The contents of a start-of-frame segment.</summary>
/// <param name="Width">Width in pixels, 1 to 65,500.</param>
/// <param name="Height">Height in pixels, 1 to 65,500.</param>
/// <param name="Progressive">Whether coefficients are sent in several scans of bands and bits.</param>
/// <param name="Components">1, 3 or 4.</param>
internal sealed record JpegFrame(int Width, int Height, bool Progressive, JpegComponent[] Components)
{
    /// <summary>The largest horizontal sampling factor.</summary>
    public int MostHorizontal { get; } = Components.Max(component => component.Horizontal);

    /// <summary>The largest vertical sampling factor.</summary>
    public int MostVertical { get; } = Components.Max(component => component.Vertical);

    /// <summary>Number of interleaved MCUs in a row.</summary>
    public int McusAcross => (Width + (8 * MostHorizontal) - 1) / (8 * MostHorizontal);

    /// <summary>Number of rows of interleaved MCUs.</summary>
    public int McusDown => (Height + (8 * MostVertical) - 1) / (8 * MostVertical);

    /// <summary>Pixel rows of an interleaved MCU.</summary>
    public int McuRows => 8 * MostVertical;
}
