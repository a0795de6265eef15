namespace LaionStream.Text.Charsets;

/// <summary>EUC-KR, that is Windows-949 (section 14.1.1).</summary>
internal sealed class EucKrEncoding(int[] index) : MultiByteEncoding("euc-kr")
{
    /// <inheritdoc/>
    protected override int Take(ReadOnlySpan<byte> bytes, out int point)
    {
        point = Error;
        if (bytes[0] is 0x80 or 0xff || bytes.Length < 2)
        {
            return 1;
        }

        byte second = bytes[1];
        return TakeTwo(index, second is >= 0x41 and <= 0xfe ? ((bytes[0] - 0x81) * 190) + second - 0x41 : -1, second, out point);
    }
}
