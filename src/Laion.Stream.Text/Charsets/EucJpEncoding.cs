namespace LaionStream.Text.Charsets;

/// <summary>EUC-JP (section 13.1.1).</summary>
internal sealed class EucJpEncoding(int[] jis0208, int[] jis0212) : MultiByteEncoding("euc-jp")
{
    private const byte HalfWidth = 0x8e, Supplement = 0x8f;

    /// <inheritdoc/>
    protected override int Take(ReadOnlySpan<byte> bytes, out int point)
    {
        point = Error;
        byte first = bytes[0];
        if (!(first is HalfWidth or Supplement || IsHalf(first)) || bytes.Length < 2)
        {
            return 1;
        }

        byte second = bytes[1];
        if (first == HalfWidth && second is >= 0xa1 and <= 0xdf)
        {
            point = 0xff61 - 0xa1 + second;
            return 2;
        }

        if (first == Supplement && IsHalf(second))
        {
            return bytes.Length < 3 ? 2 : 1 + TakeTwo(jis0212, Pointer(second, bytes[2]), bytes[2], out point);
        }

        return TakeTwo(jis0208, IsHalf(first) ? Pointer(first, second) : -1, second, out point);
    }

    private static bool IsHalf(byte b) => b is >= 0xa1 and <= 0xfe;

    private static int Pointer(byte first, byte second) => IsHalf(second) ? ((first - 0xa1) * 94) + second - 0xa1 : -1;
}
