using System.Buffers;
using System.Text.Unicode;

namespace LaionStream.Text.Captions;

/// <summary>
/// Repairs bytes that were UTF-8 once and were damaged: restores what can be known, then decodes what is UTF-8.
/// The rules are those of ftfy 6.3.1 (rspeer/python-ftfy, Apache-2.0: ftfy/fixes.py, ftfy/chardata.py, ftfy/bad_codecs/utf8_variants.py).
/// </summary>
internal static class Utf8Repair
{
    /// <summary>Most bytes that <see cref="Mend"/> writes for one.</summary>
    public const int Growth = 3;

    private static readonly byte[][] WordsGluedToA = ["quele"u8.ToArray(), "quela"u8.ToArray(), "quilo"u8.ToArray(), "s "u8.ToArray(), " "u8.ToArray()];

    private static ReadOnlySpan<byte> ReplacementCharacter => [0xEF, 0xBF, 0xBD];

    /// <summary>Restores lost A0 bytes and writes sequences that lost other bytes as U+FFFD.</summary>
    /// <param name="bytes">The bytes of the text in one code page.</param>
    /// <param name="page">That code page.</param>
    /// <param name="output">At least <see cref="Growth"/> times as long.</param>
    /// <returns>Bytes written.</returns>
    public static int Mend(ReadOnlySpan<byte> bytes, CodePage page, Span<byte> output)
    {
        if (!page.SpacesMayBeLost || !AnyBlankSequence(bytes))
        {
            return page.Sloppy ? ReplaceLossy(bytes, output) : Copy(bytes, output);
        }

        byte[] restored = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        int length = RestoreAGrave(bytes, restored);
        RestoreA0(restored.AsSpan(0, length));
        length = page.Sloppy ? ReplaceLossy(restored.AsSpan(0, length), output) : Copy(restored.AsSpan(0, length), output);
        ArrayPool<byte>.Shared.Return(restored);
        return length;
    }

    /// <summary>Decodes strict UTF-8; if it contains bytes ED or C0, also CESU-8 and Java's form of U+0000. Null when it is neither.</summary>
    /// <param name="bytes">The bytes; overwritten.</param>
    public static string? Decode(Span<byte> bytes)
    {
        if (bytes.IndexOfAny((byte)0xED, (byte)0xC0) >= 0)
        {
            bytes = bytes[..JoinVariants(bytes)];
        }

        char[] units = ArrayPool<char>.Shared.Rent(bytes.Length);
        OperationStatus status = Utf8.ToUtf16(bytes, units, out _, out int written, replaceInvalidSequences: false);
        string? text = status == OperationStatus.Done ? new string(units, 0, written) : null;
        ArrayPool<char>.Shared.Return(units);
        return text;
    }

    private static bool AnyBlankSequence(ReadOnlySpan<byte> bytes)
    {
        for (int at, from = 0; from < bytes.Length && (at = bytes[from..].IndexOf((byte)' ')) >= 0; from += at + 1)
        {
            int blank = from + at;
            for (int start = Math.Max(0, blank - 3); start < blank; start++)
            {
                if (BlankSequence(bytes[start..]) > blank - start)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Length of a sequence here that would be UTF-8 except for a space in place of A0; 0 if there is none (chardata.ALTERED_UTF8_RE).</summary>
    private static int BlankSequence(ReadOnlySpan<byte> b)
    {
        if (b.Length < 2)
        {
            return 0;
        }

        bool third = b.Length > 2;
        switch (b[0])
        {
            case 0xC2 or 0xC3 or 0xC5 or 0xCE or 0xD0 or 0xD9:
                return b[1] == ' ' ? 2 : 0;
            case 0xE2 or 0xE3 when third && b[1] == ' ' && UnlikelyAlone(b[2]):
            case >= 0xE0 and <= 0xE3 when third && UnlikelyAlone(b[1]) && b[2] == ' ':
                return 3;
            case 0xF0 when b.Length > 3:
                int blanks = (b[1] == ' ' ? 1 : 0) + (b[2] == ' ' ? 1 : 0) + (b[3] == ' ' ? 1 : 0);
                int rest = (Continues(b[1]) ? 1 : 0) + (Continues(b[2]) ? 1 : 0) + (Continues(b[3]) ? 1 : 0);
                return blanks == 1 && rest == 2 ? 4 : 0;
            default:
                return 0;
        }
    }

    private static bool Continues(byte value) => value is >= 0x80 and <= 0xBF;

    /// <summary>A continuation byte other than 85 (an ellipsis) and A0.</summary>
    private static bool UnlikelyAlone(byte value) => Continues(value) && value is not (0x85 or 0xA0);

    /// <summary>C3 before a space is the word à: A0 is restored and the space kept, except in words that à is joined to (fixes.A_GRAVE_WORD_RE).</summary>
    private static int RestoreAGrave(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        int written = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            output[written++] = bytes[i];
            if (bytes[i] == 0xC3 && i + 1 < bytes.Length && bytes[i + 1] == ' ' && !StartsWithAny(bytes[(i + 2)..], WordsGluedToA))
            {
                output[written++] = 0xA0;
            }
        }

        return written;
    }

    private static bool StartsWithAny(ReadOnlySpan<byte> bytes, byte[][] words)
    {
        foreach (byte[] word in words)
        {
            if (bytes.StartsWith(word))
            {
                return true;
            }
        }

        return false;
    }

    private static void RestoreA0(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length;)
        {
            int length = BlankSequence(bytes[i..]);
            bytes.Slice(i, length).Replace((byte)' ', (byte)0xA0);
            i += Math.Max(length, 1);
        }
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        bytes.CopyTo(output);
        return bytes.Length;
    }

    private static int ReplaceLossy(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        int written = 0;
        for (int i = 0; i < bytes.Length;)
        {
            int length = LossySequence(bytes[i..]);
            if (length == 0)
            {
                output[written++] = bytes[i++];
                continue;
            }

            ReplacementCharacter.CopyTo(output[written..]);
            written += ReplacementCharacter.Length;
            i += length;
        }

        return written;
    }

    /// <summary>
    /// Length of a UTF-8 or CESU-8 sequence here that lost bytes; 0 if there is none (chardata.LOSSY_UTF8_RE). At most one may be a question mark.
    /// </summary>
    private static int LossySequence(ReadOnlySpan<byte> b)
    {
        const byte Lost = CodePage.Substitute;
        byte lead = b[0];
        if (lead == Lost)
        {
            return 1;
        }

        if (lead < 0xC2 || b.Length < 2)
        {
            return 0;
        }

        if (lead <= 0xDF)
        {
            return b[1] == Lost || (lead <= 0xC3 && b[1] == '?') ? 2 : 0;
        }

        if (lead == 0xED && LossySurrogates(b))
        {
            return 6;
        }

        int length = lead <= 0xEF ? 3 : lead <= 0xF4 ? 4 : 0;
        if (length == 0 || b.Length < length)
        {
            return 0;
        }

        int lost = 0, asked = 0;
        foreach (byte value in b[1..length])
        {
            lost += value == Lost ? 1 : 0;
            asked += value == '?' ? 1 : 0;
            if (!Continues(value) && value != Lost && value != '?')
            {
                return 0;
            }
        }

        return asked <= 1 && lost + asked > 0 ? length : 0;
    }

    private static bool LossySurrogates(ReadOnlySpan<byte> b)
    {
        if (b.Length < 6 || b[1] is < 0xA0 or > 0xAF || b[3] != 0xED || b[4] is < 0xB0 or > 0xBF)
        {
            return false;
        }

        bool firstLost = b[2] is CodePage.Substitute or (byte)'?';
        bool secondLost = b[5] is CodePage.Substitute or (byte)'?';
        return (firstLost || Continues(b[2])) && (secondLost || Continues(b[5])) && (firstLost || secondLost);
    }

    /// <summary>Replaces C0 80 by 00 and pairs of encoded surrogates by the one sequence they mean, in place; returns the new length.</summary>
    private static int JoinVariants(Span<byte> bytes)
    {
        int written = 0;
        for (int i = 0; i < bytes.Length;)
        {
            // A line feed at the very end is accepted as the last byte: Python's $ also matches before it.
            if (bytes[i] == 0xC0 && i + 1 < bytes.Length && (bytes[i + 1] == 0x80 || (bytes[i + 1] == '\n' && i + 2 == bytes.Length)))
            {
                bytes[written++] = 0;
                i += 2;
            }
            else if (IsSurrogatePair(bytes[i..]))
            {
                int point = 0x10000 + ((bytes[i + 1] & 0x0F) << 16) + ((bytes[i + 2] & 0x3F) << 10) + ((bytes[i + 4] & 0x0F) << 6) + (bytes[i + 5] & 0x3F);
                bytes[written++] = (byte)(0xF0 | (point >> 18));
                bytes[written++] = (byte)(0x80 | ((point >> 12) & 0x3F));
                bytes[written++] = (byte)(0x80 | ((point >> 6) & 0x3F));
                bytes[written++] = (byte)(0x80 | (point & 0x3F));
                i += 6;
            }
            else
            {
                bytes[written++] = bytes[i++];
            }
        }

        return written;
    }

    private static bool IsSurrogatePair(ReadOnlySpan<byte> b) =>
        b.Length >= 6 && b[0] == 0xED && b[1] is >= 0xA0 and <= 0xAF && Continues(b[2])
        && b[3] == 0xED && b[4] is >= 0xB0 and <= 0xBF && (Continues(b[5]) || (b[5] == '\n' && b.Length == 6));
}
