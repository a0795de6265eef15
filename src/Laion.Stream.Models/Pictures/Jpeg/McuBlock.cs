namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>A block of an interleaved MCU, with what its reader needs at hand: it is looked at for each block of a picture.</summary>
/// <param name="part">Its component.</param>
/// <param name="x">Its column within the MCU.</param>
/// <param name="y">Its row within the MCU.</param>
internal struct McuBlock(ScanPart part, int x, int y)
{
    private readonly int _across = part.Component.Horizontal;
    private nint _rowStart;

    /// <summary>Its component.</summary>
    public readonly ScanPart Part = part;

    /// <summary>Its DC codes; null when the scan has none.</summary>
    public readonly HuffmanTable? Dc = part.Dc;

    /// <summary>Its AC codes; null when the scan has none.</summary>
    public readonly HuffmanTable? Ac = part.Ac;

    /// <summary>The blocks of an MCU, in the order in which they are sent.</summary>
    public static McuBlock[] Of(ScanPart[] parts)
    {
        List<McuBlock> blocks = [];
        foreach (ScanPart part in parts)
        {
            int across = part.Component.Horizontal;
            for (int i = 0; i < across * part.Component.Vertical; i++) { blocks.Add(new McuBlock(part, i % across, i / across)); }
        }

        return [.. blocks];
    }

    /// <summary>Begins a row of MCUs.</summary>
    /// <param name="mcuRow">The row, within the component's plane.</param>
    /// <param name="mcus">Number of MCUs in it.</param>
    public void BeginRow(int mcuRow, int mcus) => _rowStart = Part.Plane.RowStart((mcuRow * Part.Component.Vertical) + y, mcus * _across);

    /// <summary>The block's first coefficient in an MCU of the row that was begun.</summary>
    /// <param name="mcu">Below the number of MCUs.</param>
    public readonly ref short In(int mcu) => ref CoefficientPlane.BlockAt(_rowStart, (mcu * _across) + x);
}
