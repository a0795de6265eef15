namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>A block of an interleaved MCU.</summary>
/// <param name="Part">Its component.</param>
/// <param name="X">Its column within the MCU.</param>
/// <param name="Y">Its row within the MCU.</param>
/// <param name="Across">Blocks of the component across an MCU.</param>
/// <param name="Down">Blocks of the component down an MCU.</param>
internal readonly record struct McuBlock(ScanPart Part, int X, int Y, int Across, int Down)
{
    /// <summary>The blocks of a component, in the order in which they are sent.</summary>
    public static IEnumerable<McuBlock> Of(ScanPart part)
    {
        (int across, int down) = (part.Component.Horizontal, part.Component.Vertical);
        for (int y = 0; y < down; y++)
        {
            for (int x = 0; x < across; x++) { yield return new McuBlock(part, x, y, across, down); }
        }
    }
}
