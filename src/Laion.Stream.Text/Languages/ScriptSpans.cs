using System.Buffers;
using System.Text;

namespace LaionStream.Text.Languages;

/// <summary>Cuts a text into spans of one script, letters only, lower-cased (google/cld3 src/script_span/getonescriptspan.cc).</summary>
internal static class ScriptSpans
{
    /// <summary>Most bytes of a text that are judged (kMaxNumInputBytesToConsider, google/cld3 src/nnet_language_identifier.cc).</summary>
    public const int MaxTextBytes = 10_000;

    private static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(b => (byte)b), (byte)'\t', (byte)'\n', (byte)'\f', (byte)'\r']);

    /// <summary>
    /// Length of the longest prefix that is well formed and has only characters valid for interchange, at most <see cref="MaxTextBytes"/> bytes.
    /// </summary>
    public static int ValidPrefix(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> head = text[..Math.Min(text.Length, MaxTextBytes)];
        int at = 0;
        while (true)
        {
            int plain = head[at..].IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                return head.Length;
            }

            at += plain;
            do
            {
                if (head[at] < 0x80 || Rune.DecodeFromUtf8(head[at..], out Rune rune, out int length) != OperationStatus.Done || !IsInterchange(rune.Value))
                {
                    return at;
                }

                at += length;
            }
            while (at < head.Length && head[at] >= 0x80);
        }
    }

    /// <summary>
    /// Writes the spans one after the other, each between two spaces, runs of other characters as one space, and returns the bytes written:
    /// at most 3 for each byte of the prefix (an ASCII letter in a span of its own).
    /// </summary>
    /// <param name="text">The whole text: the original reads one character after the prefix.</param>
    /// <param name="end">Length of the valid prefix in bytes.</param>
    /// <param name="to">Receives the cleaned text.</param>
    public static int Clean(ReadOnlySpan<byte> text, int end, Span<byte> to)
    {
        Cld3Characters characters = Cld3Characters.Shared;
        int written = 0;
        int at = SkipOthers(characters, text, 0, end);
        while (at < end)
        {
            to[written++] = (byte)' ';
            at = CopySpan(characters, text, at, end, to, ref written);
        }

        return written;
    }

    /// <summary>
    /// Script number of the first span of a cleaned text, 0 when it has no letter; for CJK also whether Hangul outnumbers the rest of that span.
    /// </summary>
    /// <param name="text">Cleaned text.</param>
    /// <param name="scratch">A buffer for the span: 3 bytes for each byte of <paramref name="text"/>.</param>
    public static (int Script, bool MostlyHangul) FirstSpan(ReadOnlySpan<byte> text, Span<byte> scratch)
    {
        Cld3Characters characters = Cld3Characters.Shared;
        int at = SkipOthers(characters, text, 0, text.Length);
        if (at == text.Length)
        {
            return (Cld3Characters.None, false);
        }

        int script = characters.Script(Utf8Cursor.Decode(text, at, out _));
        if (script != Cld3Characters.Cjk)
        {
            return (script, false);
        }

        int written = 0;
        CopySpan(characters, text, at, text.Length, scratch, ref written);
        return (script, HangulSurplus(scratch[..written]) > 0);
    }

    // Copies letters of one script and the spaces between them; returns where the next span starts.
    private static int CopySpan(Cld3Characters characters, ReadOnlySpan<byte> text, int at, int end, Span<byte> to, ref int written)
    {
        int script = characters.Script(Utf8Cursor.Decode(text, at, out _));
        int here;
        do
        {
            while (at < end)
            {
                int c = Utf8Cursor.Decode(text, at, out int length);
                int entry = characters.Entry(c);
                here = entry & 0xFF;
                if (here != script && here != Cld3Characters.Inherited)
                {
                    if (here == Cld3Characters.None)
                    {
                        break;
                    }

                    // One letter of another script inside a word is kept; two in a row start a new span.
                    int next = ScriptBehind(characters, text, at + length, end);
                    if (next != Cld3Characters.None && next != script)
                    {
                        break;
                    }
                }

                written += Utf8Cursor.Encode(c + (entry >> 8), to, written);
                at += length;
            }

            at = SkipOthers(characters, text, at, end);
            to[written++] = (byte)' ';
            here = at < end ? characters.Script(Utf8Cursor.Decode(text, at, out _)) : Cld3Characters.None;
        }
        while (here != Cld3Characters.None && (here == script || here == Cld3Characters.Inherited));

        return at;
    }

    private static int SkipOthers(Cld3Characters characters, ReadOnlySpan<byte> text, int at, int end)
    {
        while (at < end && characters.Script(Utf8Cursor.Decode(text, at, out int length)) == Cld3Characters.None)
        {
            at += length;
        }

        return at;
    }

    private static int ScriptBehind(Cld3Characters characters, ReadOnlySpan<byte> text, int at, int end)
    {
        if (at < end)
        {
            return characters.Script(Utf8Cursor.Decode(text, at, out _));
        }

        return Rune.DecodeFromUtf8(text[at..], out Rune rune, out _) == OperationStatus.Done ? characters.Script(rune.Value) : Cld3Characters.None;
    }

    private static int HangulSurplus(ReadOnlySpan<byte> span)
    {
        int surplus = 0;
        for (int at = 0; at < span.Length;)
        {
            int c = Utf8Cursor.Decode(span, at, out int length);
            at += length;
            surplus += c == ' ' ? 0 : IsHangul(c) ? 1 : -1;
        }

        return surplus;
    }

    private static bool IsHangul(int c) => c
        is (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xD7B0 and <= 0xD7FF)
        or (>= 0x3130 and <= 0x318F) or (>= 0xFFA0 and <= 0xFFDC) or (>= 0xAC00 and <= 0xD7AF);

    private static bool IsInterchange(int c) =>
        c is not ((< 0x20 and not ('\t' or '\n' or '\f' or '\r')) or (>= 0x7F and <= 0x9F) or (>= 0xFDD0 and <= 0xFDEF)) && (c & 0xFFFE) != 0xFFFE;
}
