namespace LaionStream.Text.Charsets;

/// <summary>gb18030, which also decodes gbk and gb2312 (section 11.2.1).</summary>
/// <param name="name">The standard's name of the label.</param>
/// <param name="index">Two-byte characters.</param>
/// <param name="ranges">Four-byte characters: first pointer and first code point of each range, in turn.</param>
internal sealed class Gb18030Encoding(string name, int[] index, int[] ranges) : MultiByteEncoding(name)
{
    /// <inheritdoc/>
    protected override int Take(ReadOnlySpan<byte> bytes, out int point)
    {
        point = bytes[0] == 0x80 ? 0x20ac : Error;
        if (bytes[0] is 0x80 or 0xff || bytes.Length < 2)
        {
            return 1;
        }

        byte second = bytes[1];
        return IsDigit(second) ? TakeFour(bytes, out point)
            : TakeTwo(index, second is (>= 0x40 and <= 0x7e) or (>= 0x80 and <= 0xfe)
                ? ((bytes[0] - 0x81) * 190) + second - (second < 0x7f ? 0x40 : 0x41)
                : -1, second, out point);
    }

    private int TakeFour(ReadOnlySpan<byte> bytes, out int point)
    {
        point = Error;
        if (bytes.Length < 3)
        {
            return bytes.Length; // the text ends inside the character
        }

        if (bytes[2] is < 0x81 or > 0xfe)
        {
            return 1;
        }

        if (bytes.Length < 4)
        {
            return bytes.Length;
        }

        if (!IsDigit(bytes[3]))
        {
            return 1;
        }

        point = PointOf(((bytes[0] - 0x81) * 12600) + ((bytes[1] - 0x30) * 1260) + ((bytes[2] - 0x81) * 10) + bytes[3] - 0x30);
        return 4;
    }

    private int PointOf(int pointer)
    {
        if (pointer is (> 39419 and < 189000) or > 1237575)
        {
            return Error;
        }

        if (pointer == 7457)
        {
            return 0xe7c7;
        }

        int range = 0;
        while (range + 2 < ranges.Length && ranges[range + 2] <= pointer)
        {
            range += 2;
        }

        return ranges[range + 1] + pointer - ranges[range];
    }

    private static bool IsDigit(byte b) => b is >= 0x30 and <= 0x39;
}
