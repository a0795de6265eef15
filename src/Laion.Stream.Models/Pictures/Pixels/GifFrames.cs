namespace LaionStream.Models.Pictures.Pixels;

/// <summary>Counts a GIF's frames from its blocks, without decompressing any.</summary>
internal static class GifFrames
{
    private const byte Extension = 0x21;
    private const byte Picture = 0x2C;

    /// <summary>Number of image descriptors found; at least 1.</summary>
    /// <param name="body">A file with a GIF signature and at least its 13-byte header.</param>
    public static int Count(ReadOnlySpan<byte> body)
    {
        int frames = 0;
        int at = 13 + ColourTable(body[10]);
        while (at < body.Length)
        {
            switch (body[at])
            {
                case Extension when at + 2 <= body.Length:
                    at = SkipSubBlocks(body, at + 2);
                    break;
                case Picture when at + 10 <= body.Length:
                    frames++;
                    at = SkipSubBlocks(body, at + 11 + ColourTable(body[at + 9]));
                    break;
                default:
                    return Math.Max(frames, 1);
            }
        }

        return Math.Max(frames, 1);
    }

    private static int ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int SkipSubBlocks(ReadOnlySpan<byte> body, int at)
    {
        while (at < body.Length && body[at] != 0) { at += body[at] + 1; }
        return at + 1;
    }
}
