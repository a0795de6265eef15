using System.Text;

namespace LaionStream.Text.Charsets;

/// <summary>Big5 with the characters of Hong Kong (section 12.1.1).</summary>
internal sealed class Big5Encoding(int[] index) : MultiByteEncoding("big5")
{
    private const int FirstPair = 0x110000; // in place of a code point, a letter and a mark: Ê̄ Ê̌ ê̄ ê̌

    private static readonly string[] Pairs = ["\u00CA\u0304", "\u00CA\u030C", "\u00EA\u0304", "\u00EA\u030C"];

    /// <inheritdoc/>
    protected override int Take(ReadOnlySpan<byte> bytes, out int point)
    {
        point = Error;
        if (bytes[0] is 0x80 or 0xff || bytes.Length < 2)
        {
            return 1;
        }

        byte second = bytes[1];
        int pointer = second is (>= 0x40 and <= 0x7e) or (>= 0xa1 and <= 0xfe) ? ((bytes[0] - 0x81) * 157) + second - (second < 0x7f ? 0x40 : 0x62) : -1;
        point = pointer switch { 1133 => FirstPair, 1135 => FirstPair + 1, 1164 => FirstPair + 2, 1166 => FirstPair + 3, _ => Error };
        return point != Error ? 2 : TakeTwo(index, pointer, second, out point);
    }

    /// <inheritdoc/>
    protected override void Append(StringBuilder text, int point)
    {
        if (point >= FirstPair)
        {
            text.Append(Pairs[point - FirstPair]);
        }
        else
        {
            base.Append(text, point);
        }
    }
}
