namespace LaionStream.Text.Unicode;

/// <summary>
/// Unicode normalization forms C and D (UAX #15). The platform's do nothing under invariant globalization, and callers need the Unicode version
/// that they follow: domain names the newest, captions Python's.
/// </summary>
/// <typeparam name="TTables">The tables of that version.</typeparam>
internal static class CanonicalForms<TTables>
    where TTables : struct, ICanonicalTables
{
    private const int LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, SBase = 0xAC00;
    private const int LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    /// <summary>Appends one code point, decomposed; <see cref="Reorder"/> completes form D.</summary>
    public static void Decompose(int codePoint, ref CodePointBuffer output)
    {
        int syllable = codePoint - SBase;
        if ((uint)syllable < SCount)
        {
            output.Add(LBase + (syllable / (VCount * TCount)));
            output.Add(VBase + (syllable / TCount % VCount));
            if (syllable % TCount != 0) { output.Add(TBase + (syllable % TCount)); }
        }
        else if (!default(TTables).TryDecompose(codePoint, ref output))
        {
            output.Add(codePoint);
        }
    }

    /// <summary>Sorts each run of marks by combining class, and keeps the order of equal ones.</summary>
    public static void Reorder(Span<int> points)
    {
        for (int start = 0; start < points.Length; start++)
        {
            int last = RankOf(points[start]);
            if (last == 0) { continue; }

            int end = start + 1;
            bool sorted = true;
            for (; end < points.Length && RankOf(points[end]) is not 0 and var rank; end++)
            {
                sorted &= last <= rank;
                last = rank;
            }

            // LINQ's order is stable, and a hostile run of thousands of marks does not make it quadratic.
            if (!sorted) { points[start..end].ToArray().OrderBy(RankOf).ToArray().CopyTo(points[start..]); }

            start = end;
        }
    }

    /// <summary>Composes form D to form C in place, and returns the new length.</summary>
    public static int Compose(Span<int> points)
    {
        int starter = -1, length = 0, last = 0;
        foreach (int point in points)
        {
            int rank = RankOf(point);

            // A mark is blocked from its starter by a mark before it of the same or a higher class, and by any other starter in between.
            bool blocked = starter < 0 || (length - starter > 1 && last >= rank);
            int composed = blocked ? -1 : ComposePair(points[starter], point);
            if (composed >= 0)
            {
                points[starter] = composed;
                continue;
            }

            if (rank == 0) { starter = length; }

            last = rank;
            points[length++] = point;
        }

        return length;
    }

    private static int RankOf(int codePoint) => default(TTables).RankOf(codePoint);

    private static int ComposePair(int first, int second)
    {
        int l = first - LBase, v = second - VBase, s = first - SBase, t = second - TBase;
        if ((uint)l < LCount && (uint)v < VCount) { return SBase + (((l * VCount) + v) * TCount); }
        if ((uint)s < SCount && s % TCount == 0 && t is > 0 and < TCount) { return first + t; }

        return default(TTables).Compose(first, second);
    }
}
