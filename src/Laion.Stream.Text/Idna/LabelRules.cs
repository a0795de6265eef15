namespace LaionStream.Text.Idna;

/// <summary>Whether a label is valid: UTS 46 section 4.1, with CheckJoiners and CheckBidi and without CheckHyphens and STD3 rules.</summary>
internal static class LabelRules
{
    private const int ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D;

    /// <summary>Whether a domain may contain a label that is mapped, normalised and decoded; an empty one is valid.</summary>
    /// <param name="label">Its code points.</param>
    /// <param name="inBidiDomain">Whether any label of the domain holds right-to-left text.</param>
    public static bool IsValid(ReadOnlySpan<int> label, bool inBidiDomain)
    {
        if (label.IsEmpty)
        {
            return true;
        }

        IdnaTable table = IdnaTable.Instance;
        if (table[label[0]].IsMark || label is ['x', 'n', '-', '-', ..])
        {
            return false;
        }

        for (int i = 0; i < label.Length; i++)
        {
            bool isJoiner = label[i] is ZeroWidthNonJoiner or ZeroWidthJoiner;
            if (label[i] == '.' || table[label[i]].Status != IdnaStatus.Valid || (isJoiner && !MayJoin(label, i, table)))
            {
                return false;
            }
        }

        return !inBidiDomain || IsValidBidi(label, table);
    }

    /// <summary>Whether text makes its domain a bidi domain (RFC 5893 1.4).</summary>
    public static bool HasRightToLeft(ReadOnlySpan<int> label)
    {
        IdnaTable table = IdnaTable.Instance;
        foreach (int codePoint in label)
        {
            if (table[codePoint].Bidi is BidiClass.R or BidiClass.AL or BidiClass.AN)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The ContextJ rules of RFC 5892, appendix A.1 and A.2.</summary>
    private static bool MayJoin(ReadOnlySpan<int> label, int at, IdnaTable table)
    {
        if (at > 0 && table[label[at - 1]].CombiningRank == table.ViramaRank)
        {
            return true;
        }

        if (label[at] == ZeroWidthJoiner)
        {
            return false;
        }

        int before = at - 1, behind = at + 1;
        while (before >= 0 && table[label[before]].Joining == JoiningType.Transparent)
        {
            before--;
        }

        while (behind < label.Length && table[label[behind]].Joining == JoiningType.Transparent)
        {
            behind++;
        }

        return before >= 0 && table[label[before]].Joining is JoiningType.Left or JoiningType.Dual
            && behind < label.Length && table[label[behind]].Joining is JoiningType.Right or JoiningType.Dual;
    }

    /// <summary>The Bidi rule of RFC 5893, section 2.</summary>
    private static bool IsValidBidi(ReadOnlySpan<int> label, IdnaTable table)
    {
        BidiClass first = table[label[0]].Bidi;
        bool rightToLeft = first is BidiClass.R or BidiClass.AL;
        if (!rightToLeft && first != BidiClass.L)
        {
            return false;
        }

        bool hasEuropean = false, hasArabic = false;
        BidiClass last = first; // the last one that is not a mark
        foreach (int codePoint in label)
        {
            BidiClass bidi = table[codePoint].Bidi;
            bool allowed = bidi is BidiClass.EN or BidiClass.ES or BidiClass.CS or BidiClass.ET or BidiClass.ON or BidiClass.BN or BidiClass.NSM
                || (rightToLeft ? bidi is BidiClass.R or BidiClass.AL or BidiClass.AN : bidi == BidiClass.L);
            if (!allowed)
            {
                return false;
            }

            hasEuropean |= bidi == BidiClass.EN;
            hasArabic |= bidi == BidiClass.AN;
            last = bidi == BidiClass.NSM ? last : bidi;
        }

        return rightToLeft
            ? last is BidiClass.R or BidiClass.AL or BidiClass.EN or BidiClass.AN && !(hasEuropean && hasArabic)
            : last is BidiClass.L or BidiClass.EN;
    }
}
