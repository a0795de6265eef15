using System.Text;

namespace LaionStream.Text.Charsets;

/// <summary>ISO-2022-JP: escape sequences switch between character sets (section 13.2.1).</summary>
internal sealed class Iso2022JpEncoding(int[] jis0208) : PageEncoding("iso-2022-jp")
{
    private const int Escape = 0x1b, End = -1;

    private enum Set
    {
        Ascii,
        Roman,
        Katakana,
        Kanji,
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        var set = Set.Ascii;
        bool hasOutput = false; // two escapes with nothing between them are an error
        int at = 0;
        while (at < bytes.Length)
        {
            if (bytes[at] != Escape)
            {
                hasOutput = false;
                at += set == Set.Kanji ? TakeKanji(bytes[at..], text) : TakeOne(set, bytes[at], text);
            }
            else if (at + 2 < bytes.Length && SetOf(bytes[at + 1], bytes[at + 2]) is { } next)
            {
                set = next;
                at += 3;
                text.Append(hasOutput ? "\uFFFD" : "");
                hasOutput = true;
            }
            else
            {
                hasOutput = false;
                text.Append('\uFFFD');
                at++;
            }
        }

        return text.ToString();
    }

    private static Set? SetOf(byte first, byte second) => (first, second) switch
    {
        (0x28, 0x42) => Set.Ascii,
        (0x28, 0x4a) => Set.Roman,
        (0x28, 0x49) => Set.Katakana,
        (0x24, 0x40 or 0x42) => Set.Kanji,
        _ => null,
    };

    private static int TakeOne(Set set, byte b, StringBuilder text)
    {
        text.Append(set switch
        {
            Set.Katakana => b is >= 0x21 and <= 0x5f ? (char)(0xff61 - 0x21 + b) : '\uFFFD',
            _ when b is > 0x7f or 0x0e or 0x0f => '\uFFFD',
            Set.Roman when b == 0x5c => '\u00a5',
            Set.Roman when b == 0x7e => '\u203e',
            _ => (char)b,
        });
        return 1;
    }

    private int TakeKanji(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        bool isLead = bytes[0] is >= 0x21 and <= 0x7e;
        int second = bytes.Length > 1 ? bytes[1] : End;
        int pointer = isLead && second is >= 0x21 and <= 0x7e ? ((bytes[0] - 0x21) * 94) + second - 0x21 : -1;
        text.Append(pointer >= 0 && pointer < jis0208.Length && jis0208[pointer] != 0 ? (char)jis0208[pointer] : '\uFFFD');
        return isLead && second is not (End or Escape) ? 2 : 1; // an escape after half a character still counts as an escape
    }
}
