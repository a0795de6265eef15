namespace LaionStream.Text.Charsets;

/// <summary>Shift_JIS, that is Windows-31J (section 13.3.1).</summary>
internal sealed class ShiftJisEncoding(int[] jis0208) : MultiByteEncoding("shift_jis")
{
    private const int FirstPrivate = 8836, LastPrivate = 10715; // pointers of private-use characters

    /// <inheritdoc/>
    protected override int Take(ReadOnlySpan<byte> bytes, out int point)
    {
        byte first = bytes[0];
        point = first == 0x80 ? 0x80 : first is >= 0xa1 and <= 0xdf ? 0xff61 - 0xa1 + first : Error;
        if (point != Error || first is 0xa0 or > 0xfc || bytes.Length < 2)
        {
            return 1;
        }

        byte second = bytes[1];
        int pointer = second is (>= 0x40 and <= 0x7e) or (>= 0x80 and <= 0xfc)
            ? ((first - (first < 0xa0 ? 0x81 : 0xc1)) * 188) + second - (second < 0x7f ? 0x40 : 0x41)
            : -1;
        if (pointer is >= FirstPrivate and <= LastPrivate)
        {
            point = 0xe000 - FirstPrivate + pointer;
            return 2;
        }

        return TakeTwo(jis0208, pointer, second, out point);
    }
}
