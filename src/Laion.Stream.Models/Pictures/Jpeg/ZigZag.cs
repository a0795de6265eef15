namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Where a coefficient is stored. Blocks are stored in groups of four: row r of block b of a group starts at 32 r + 8 b, so that one vector of 32 samples
/// contains a row of four blocks.
/// </summary>
internal static class ZigZag
{
    /// <summary>Coefficients of a group of four blocks.</summary>
    public const int GroupSize = 256;

    /// <summary>Coefficients from one row of a block to the next.</summary>
    public const int RowStride = 32;

    /// <summary>
    /// From zigzag index to offset within the group, for block 0. As in libjpeg, indices beyond the last one, which two runs of at most 16 can reach, are
    /// coefficient 63 instead of outside the block. From 96 on they are coefficient 0: see <see cref="CodePair.Nowhere"/>.
    /// </summary>
    public static ReadOnlySpan<byte> Offsets =>
    [
        0, 1, 32, 64, 33, 2, 3, 34, 65, 96, 128, 97, 66, 35, 4, 5,
        36, 67, 98, 129, 160, 192, 161, 130, 99, 68, 37, 6, 7, 38, 69, 100,
        131, 162, 193, 224, 225, 194, 163, 132, 101, 70, 39, 71, 102, 133, 164, 195,
        226, 227, 196, 165, 134, 103, 135, 166, 197, 228, 229, 198, 167, 199, 230, 231,
        231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231,
        231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231, 231,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The coefficient's index in natural order: 8 × row + column.</summary>
    public static int Natural(int index) => ((Offsets[index] >> 5) * 8) + (Offsets[index] & 7);

    /// <summary>Start of the block in column <paramref name="block"/> of a row of blocks.</summary>
    public static int BlockStart(int block) => ((block >> 2) * GroupSize) + ((block & 3) * 8);
}
