using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures.Png;

/// <summary>Number of bytes of a PNG's rows, with filter bytes (W3C PNG, 7.2 and 8.1).</summary>
internal static class PngRows
{
    /// <summary>Adam7: first column and row of each pass, and the steps between its columns and rows.</summary>
    public static IReadOnlyList<(int X, int Y, int Right, int Down)> Passes { get; } =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Bytes of the whole picture.</summary>
    public static long BytesOf(in ImageHeader header)
    {
        if (!header.Buffered) { return BytesOf(header.Width, header.Height, header); }

        long bytes = 0;
        foreach ((int x, int y, int right, int down) in Passes)
        {
            bytes += BytesOf(((long)header.Width - x + right - 1) / right, ((long)header.Height - y + down - 1) / down, header);
        }

        return bytes;
    }

    // A pass without a column has no rows either, not even their filter bytes.
    private static long BytesOf(long width, long height, in ImageHeader header) =>
        width <= 0 || height <= 0 ? 0 : height * (1 + (((width * header.Components * header.BitsPerComponent) + 7) / 8));
}
