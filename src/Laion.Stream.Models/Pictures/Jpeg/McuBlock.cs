namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>A block of an interleaved MCU.</summary>
/// <param name="Part">Its component.</param>
/// <param name="X">Its column within the MCU.</param>
/// <param name="Y">Its row within the MCU.</param>
/// <param name="Across">Blocks of the component across an MCU.</param>
/// <param name="Down">Blocks of the component down an MCU.</param>
internal readonly record struct McuBlock(ScanPart Part, int X, int Y, int Across, int Down)
{
    /// <summary>The blocks of an MCU, in the order in which they are sent.</summary>
    public static McuBlock[] Of(ScanPart[] parts)
    {
        int count = 0, next = 0;
        foreach (ScanPart part in parts) { count += part.Component.Horizontal * part.Component.Vertical; }
        var blocks = new McuBlock[count];
        foreach (ScanPart part in parts)
        {
            (int across, int down) = (part.Component.Horizontal, part.Component.Vertical);
            for (int i = 0; i < across * down; i++) { blocks[next++] = new McuBlock(part, i % across, i / across, across, down); }
        }

        return blocks;
    }
}
