using LaionStream.Text.Captions.Tables;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Captions;

/// <summary>
/// Finds runs of mis-decoded UTF-8 inside text that is otherwise right, and decodes each on its own (rspeer/python-ftfy, Apache-2.0:
/// chardata.UTF8_DETECTOR_RE).
/// </summary>
internal static class EmbeddedMojibake
{
    private const int FirstOfTwo = 1, FirstOfThree = 2, FirstOfFour = 4, Continuation = 8, Strict = 16;

    /// <summary>Every character that can be part of such a run is below this.</summary>
    private const int TableEnd = 0x2200;

    private static readonly byte[] Clues = BuildClues();

    /// <summary>Decodes such runs; returns the same string when there are none.</summary>
    public static string Fix(string text)
    {
        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            int copied = 0;
            for (int at = 0; at < text.Length;)
            {
                int end = at > 0 && (ClueOf(text[at - 1]) & Strict) != 0 ? at : RunEnd(text, at);
                if (end == at)
                {
                    at++;
                    continue;
                }

                // A run that is the whole text was tried already: each recursion must be shorter than the one before.
                if (end - at < text.Length && Badness.In(text.AsSpan(at, end - at)))
                {
                    output.Append(text.AsSpan(copied, at - copied));
                    output.Append(EncodingRepair.Fix(text[at..end]));
                    copied = end;
                }

                at = end;
            }

            if (copied == 0)
            {
                return text;
            }

            output.Append(text.AsSpan(copied));
            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    private static int RunEnd(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length)
        {
            int lead = ClueOf(text[at]);
            int length = (lead & FirstOfTwo) != 0 ? 2 : (lead & FirstOfThree) != 0 ? 3 : (lead & FirstOfFour) != 0 ? 4 : 0;
            if (length == 0 || at + length > text.Length)
            {
                break;
            }

            for (int i = 1; i < length; i++)
            {
                if ((ClueOf(text[at + i]) & Continuation) == 0)
                {
                    return at;
                }
            }

            at += length;
        }

        return at;
    }

    private static int ClueOf(char unit) => unit < TableEnd ? Clues[unit] : 0;

    private static byte[] BuildClues()
    {
        var clues = new byte[TableEnd];
        (int Clue, string Members)[] sets =
        [
            (FirstOfTwo, MojibakeTable.Utf8FirstOf2), (FirstOfThree, MojibakeTable.Utf8FirstOf3), (FirstOfFour, MojibakeTable.Utf8FirstOf4),
            (Continuation, MojibakeTable.Utf8Continuation), (Strict, MojibakeTable.Utf8ContinuationStrict),
        ];
        foreach ((int clue, string members) in sets)
        {
            foreach (char member in members)
            {
                clues[member] |= (byte)clue;
            }
        }

        return clues;
    }
}
