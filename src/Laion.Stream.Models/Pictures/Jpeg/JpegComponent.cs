namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>One colour component of a frame: its sampling, its tables, and what was sent of it so far.</summary>
/// <param name="id">Its id in scan headers.</param>
/// <param name="horizontal">Horizontal sampling factor, 1 to 4.</param>
/// <param name="vertical">Vertical sampling factor, 1 to 4.</param>
/// <param name="quantisation">Number of its quantisation table.</param>
internal sealed class JpegComponent(byte id, int horizontal, int vertical, int quantisation)
{
    /// <summary>Its id in scan headers.</summary>
    public byte Id { get; } = id;

    /// <summary>Width of an interleaved MCU in blocks.</summary>
    public int Horizontal { get; } = horizontal;

    /// <summary>Height of an interleaved MCU in blocks.</summary>
    public int Vertical { get; } = vertical;

    /// <summary>Number of its quantisation table, not validated.</summary>
    public int Quantisation { get; } = quantisation;

    /// <summary>Width in samples: the picture's width times its share of the largest factor, rounded up.</summary>
    public int Width { get; private set; }

    /// <summary>Height in samples.</summary>
    public int Height { get; private set; }

    /// <summary>Width in blocks that contain samples.</summary>
    public int BlocksAcross => (Width + 7) >> 3;

    /// <summary>Height in blocks that contain samples.</summary>
    public int BlocksDown => (Height + 7) >> 3;

    /// <summary>Width in blocks, rounded up to complete MCUs and then to complete groups of four.</summary>
    public int PaddedBlocksAcross { get; private set; }

    /// <summary>Height in blocks, rounded up to complete MCUs.</summary>
    public int PaddedBlocksDown { get; private set; }

    /// <summary>The quantisation table at the component's first scan, arranged like a group of coefficients; null before.</summary>
    public short[]? Quantisers { get; set; }

    /// <summary>For each coefficient in zigzag order: the lowest bit position sent so far, or -1 for none.</summary>
    public sbyte[] KnownBits { get; } = CreateKnownBits();

    /// <summary>The DC table of the current scan.</summary>
    public int DcTable { get; set; }

    /// <summary>The AC table of the current scan.</summary>
    public int AcTable { get; set; }

    /// <summary>Computes the sizes once the largest factors of the frame are known.</summary>
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
