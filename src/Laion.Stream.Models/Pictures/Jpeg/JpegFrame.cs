namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>What a start-of-frame segment says.</summary>
/// <param name="Width">Pixels across, 1 to 65,500.</param>
/// <param name="Height">Pixels down, 1 to 65,500.</param>
/// <param name="Progressive">Whether coefficients come in several scans of bands and bits.</param>
/// <param name="Components">1, 3 or 4.</param>
internal sealed record JpegFrame(int Width, int Height, bool Progressive, JpegComponent[] Components)
{
    /// <summary>The largest horizontal sampling factor.</summary>
    public int MostHorizontal { get; } = Components.Max(component => component.Horizontal);

    /// <summary>The largest vertical sampling factor.</summary>
    public int MostVertical { get; } = Components.Max(component => component.Vertical);

    /// <summary>Interleaved MCUs across.</summary>
    public int McusAcross => (Width + (8 * MostHorizontal) - 1) / (8 * MostHorizontal);

    /// <summary>Interleaved MCUs down.</summary>
    public int McusDown => (Height + (8 * MostVertical) - 1) / (8 * MostVertical);

    /// <summary>Pixel rows of an interleaved MCU.</summary>
    public int McuRows => 8 * MostVertical;
}
