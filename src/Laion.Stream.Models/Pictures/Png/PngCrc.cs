namespace LaionStream.Models.Pictures.Png;

/// <summary>The checksum of PNG's chunks (CRC-32, W3C PNG annex D).</summary>
internal static class PngCrc
{
    private static readonly uint[] Table = Make();

    /// <summary>The checksum of a chunk: of its name and its data.</summary>
    public static uint Of(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => ~Add(Add(uint.MaxValue, name), data);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes) { crc = Table[(byte)(crc ^ value)] ^ (crc >> 8); }
        return crc;
    }

    private static uint[] Make()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) { crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1; }
            table[i] = crc;
        }

        return table;
    }
}
