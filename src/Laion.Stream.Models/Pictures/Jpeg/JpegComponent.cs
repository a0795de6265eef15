namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>One colour component of a frame: how it is sampled, which tables it uses, what of it has come.</summary>
/// <param name="id">Its name in scan headers.</param>
/// <param name="horizontal">Horizontal sampling factor, 1 to 4.</param>
/// <param name="vertical">Vertical sampling factor, 1 to 4.</param>
/// <param name="quantisation">Number of its quantisation table.</param>
internal sealed class JpegComponent(byte id, int horizontal, int vertical, int quantisation)
{
    /// <summary>Its name in scan headers.</summary>
    public byte Id { get; } = id;

    /// <summary>Blocks across in an interleaved MCU.</summary>
    public int Horizontal { get; } = horizontal;

    /// <summary>Blocks down in an interleaved MCU.</summary>
    public int Vertical { get; } = vertical;

    /// <summary>Number of its quantisation table, unchecked.</summary>
    public int Quantisation { get; } = quantisation;

    /// <summary>Samples across: the picture's width times its share of the largest factor, rounded up.</summary>
    public int Width { get; private set; }

    /// <summary>Samples down.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks across that hold samples.</summary>
    public int BlocksAcross => (Width + 7) >> 3;

    /// <summary>Blocks down that hold samples.</summary>
    public int BlocksDown => (Height + 7) >> 3;

    /// <summary>Blocks across, filled up to whole MCUs and then to whole groups of four.</summary>
    public int PaddedBlocksAcross { get; private set; }

    /// <summary>Blocks down, filled up to whole MCUs.</summary>
    public int PaddedBlocksDown { get; private set; }

    /// <summary>The quantisation table as it was at the component's first scan, laid out like a group of coefficients; null before.</summary>
    public short[]? Quantisers { get; set; }

    /// <summary>For each coefficient in zigzag order: the lowest bit position sent so far, or -1 for none.</summary>
    public sbyte[] KnownBits { get; } = CreateKnownBits();

    /// <summary>The DC table that the current scan names.</summary>
    public int DcTable { get; set; }

    /// <summary>The AC table that the current scan names.</summary>
    public int AcTable { get; set; }

    /// <summary>Fixes the sizes once the largest factors of the frame are known.</summary>
    public void Measure(int width, int height, int mostHorizontal, int mostVertical)
    {
        Width = DivideUp(width * Horizontal, mostHorizontal);
        Height = DivideUp(height * Vertical, mostVertical);
        PaddedBlocksAcross = (DivideUp(width, mostHorizontal * 8) * Horizontal + 3) & ~3;
        PaddedBlocksDown = DivideUp(height, mostVertical * 8) * Vertical;
    }

    private static int DivideUp(int value, int by) => (value + by - 1) / by;

    private static sbyte[] CreateKnownBits()
    {
        var bits = new sbyte[64];
        Array.Fill(bits, (sbyte)-1);
        return bits;
    }
}
