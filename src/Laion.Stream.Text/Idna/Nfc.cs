using LaionStream.Text.Unicode;

namespace LaionStream.Text.Idna;

/// <summary>Unicode Normalization Form C (UAX 15): the platform's own does nothing under invariant globalization.</summary>
internal static class Nfc
{
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;

    /// <summary>Normalises code points.</summary>
    /// <param name="text">Any code points.</param>
    /// <param name="output">An empty buffer; takes the result.</param>
    public static void Normalise(scoped ReadOnlySpan<int> text, ref CodePointBuffer output)
    {
        IdnaTable table = IdnaTable.Instance;
        foreach (int codePoint in text)
        {
            Decompose(codePoint, table, ref output);
        }

        Reorder(output.Items, table);
        output.Count = Compose(output.Items, table);
    }

    private static void Decompose(int codePoint, IdnaTable table, ref CodePointBuffer output)
    {
        int syllable = codePoint - SBase;
        if (syllable is >= 0 and < LCount * VCount * TCount)
        {
            output.Add(LBase + (syllable / (VCount * TCount)));
            output.Add(VBase + (syllable / TCount % VCount));
            if (syllable % TCount != 0)
            {
                output.Add(TBase + (syllable % TCount));
            }

            return;
        }

        ReadOnlySpan<char> decomposed = table.Decompositions[codePoint];
        if (decomposed.IsEmpty)
        {
            output.Add(codePoint);
        }
        else
        {
            output.Add(decomposed);
        }
    }

    /// <summary>Sorts each run of marks by combining class, equal ones in their order. By insertion: runs are short, and domains are bounded.</summary>
    private static void Reorder(Span<int> text, IdnaTable table)
    {
        for (int i = 1; i < text.Length; i++)
        {
            int mark = text[i], rank = table[mark].CombiningRank, at = i;
            while (rank > 0 && at > 0 && table[text[at - 1]].CombiningRank > rank)
            {
                text[at] = text[at - 1];
                at--;
            }

            text[at] = mark;
        }
    }

    /// <summary>Composes in place and returns the new length.</summary>
    private static int Compose(Span<int> text, IdnaTable table)
    {
        int starter = -1, length = 0, lastRank = 0;
        foreach (int codePoint in text)
        {
            int rank = table[codePoint].CombiningRank;

            // A mark is blocked from its starter by a neighbour of the same or a higher class, and by any other starter in between.
            bool blocked = starter < 0 || (length - starter > 1 && lastRank >= rank);
            int composed = blocked ? -1 : ComposePair(text[starter], codePoint, table);
            if (composed >= 0)
            {
                text[starter] = composed;
                continue;
            }

            if (rank == 0)
            {
                starter = length;
            }

            lastRank = rank;
            text[length++] = codePoint;
        }

        return length;
    }

    private static int ComposePair(int first, int second, IdnaTable table)
    {
        int l = first - LBase, v = second - VBase;
        if (l is >= 0 and < LCount && v is >= 0 and < VCount)
        {
            return SBase + (((l * VCount) + v) * TCount);
        }

        int s = first - SBase, t = second - TBase;
        if (s is >= 0 and < LCount * VCount * TCount && s % TCount == 0 && t is > 0 and < TCount)
        {
            return first + t;
        }

        return table.Compose(first, second);
    }
}
