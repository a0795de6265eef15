using LaionStream.Text.Captions.Tables;

namespace LaionStream.Text.Captions;

/// <summary>
/// Says whether text looks like mojibake: the rules of ftfy 6.3.1 (rspeer/python-ftfy, Apache-2.0: ftfy/badness.py, BADNESS_RE) as one scan over character
/// classes. A rule matches adjacent characters that real text almost never contains.
/// </summary>
internal static class Badness
{
    private const int Common = 1 << 0, C1 = 1 << 1, Bad = 1 << 2, Law = 1 << 3, Currency = 1 << 4, Start = 1 << 5, End = 1 << 6, Numeric = 1 << 7,
        Kaomoji = 1 << 8, Upper = 1 << 9, Lower = 1 << 10, UpperCommon = 1 << 11, LowerCommon = 1 << 12, Box = 1 << 13;

    /// <summary>A character that also starts a rule of its own.</summary>
    private const int Special = 1 << 14;
    private const int Accented = Lower | Upper;
    private const int Symbols = Box | Start | End | Currency | Numeric | Law;

    /// <summary>All characters of a class are below this, except four.</summary>
    private const int TableEnd = 0x2600;

    /// <summary>The classes of each character in the low bits; from bit 16 on, the classes that must not follow it.</summary>
    private static readonly uint[] Classes;
    private static readonly Dictionary<char, uint> Outlying;

    static Badness() => Classes = BuildClasses(out Outlying);

    /// <summary>Whether any rule matches.</summary>
    public static bool In(ReadOnlySpan<char> text)
    {
        int at = text.IndexOfAnyExceptInRange('\0', '\u007F');
        if (at < 0)
        {
            return false;
        }

        uint here = ClassOf(text[at]);
        for (; at < text.Length; at++)
        {
            uint next = at + 1 < text.Length ? ClassOf(text[at + 1]) : 0;
            if (here != 0 && (((here >> 16) & next) != 0 || (here & C1) != 0 || InContext(text, at, (int)here, (int)next)))
            {
                return true;
            }

            here = next;
        }

        return false;
    }

    private static bool InContext(ReadOnlySpan<char> text, int at, int here, int next)
    {
        if ((next & (Bad | Currency | Start | End)) != 0)
        {
            char before = at > 0 ? text[at - 1] : '\0';
            if (((here & (LowerCommon | UpperCommon)) != 0 && (next & Bad) != 0 && char.IsAsciiLetter(before))
                || ((here & Upper) != 0 && (next & Currency) != 0 && PythonChars.IsSpace(before))
                || ((here & Upper) != 0 && (next & (Start | Currency)) != 0 && char.IsAsciiLetterLower(before)))
            {
                return true;
            }

            int third = at + 2 < text.Length ? (int)ClassOf(text[at + 2]) : 0;
            if (((next & Start) != 0 && (here & (Accented | Box | Currency | End)) != 0 && (third & Numeric) != 0)
                || ((next & End) != 0 && (here & (Accented | Currency | Numeric | Box | Law)) != 0 && (third & Start) != 0)
                || ((next & (Start | End)) != 0 && (here & Accented) != 0 && at + 2 < text.Length
                    && PythonChars.IsWord(PythonChars.At(text, at + 2).CodePoint)))
            {
                return true;
            }
        }

        return ((here & Upper) != 0 && at + 1 < text.Length && text[at + 1] == '°') || ((here & Special) != 0 && SpecialAt(text, at));
    }

    private static bool SpecialAt(ReadOnlySpan<char> text, int at)
    {
        char second = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (text[at])
        {
            case 'Œ' or 'œ':
                return at + 1 < text.Length && !char.IsAsciiLetter(second);
            case 'Î' or 'Ð':
                return FollowsLatinLead(second);
            case 'Ã':
                return FollowsLatinLead(second) || second is '\u00A0' or '¡' || (second == ' ' && BlankFollowsWord(text, at));
            case 'Â':
                return FollowsLatinLead(second) || (second == ' ' && BlankFollowsWord(text, at)) || (at > 0 && DoubledAcrossA0(text[at - 1], second));
            case '×':
                return second is '²' or '³';
            case 'Ø' or 'Ù':
                return ArabicTail(second) && at + 3 < text.Length && text[at + 2] is 'Ø' or 'Ù' && ArabicTail(text[at + 3]);
            case 'à':
                return second is '²' or 'µ' or '¹' or '¼' or '½' or '¾';
            case '√':
                return "±∂†≠®™´≤≥¥µø".Contains(second);
            case '≈':
                return second is '°' or '¢';
            case '‚':
                char third = at + 2 < text.Length ? text[at + 2] : '\0';
                return (second == 'Ä' && third != 0 && "ìîïòôúùû†°¢π".Contains(third))
                    || (second is 'â' or 'ó' && third is 'à' or 'ä' or '°' or 'ê');
            case 'в':
                return second == 'Ђ';
            case 'Г' or 'В' or 'Р' or 'С':
                return (at + 2 < text.Length && text[at + 2] is 'В' or 'Г' or 'Р' or 'С' && (LeadsTwice(second) || second == 'µ'))
                    || (second == 'ў' && ThriceMisread(text[at..]));
            case 'Β' or 'Γ' or 'Ξ' or 'Ο':
                return at + 2 < text.Length && text[at + 2] is 'Β' or 'Γ' or 'Ξ' or 'Ο' && LeadsTwice(second);
            case 'β':
                return second == '€' && at + 2 < text.Length && text[at + 2] is '™' or '\u00A0' or 'Ά' or '\u00AD' or '®' or '°';
            case 'ā':
                return second == '€';
            default:
                return false;
        }
    }

    /// <summary>Whether a character follows Â, Ã, Î or Ð in two-character Windows-1252 mojibake.</summary>
    private static bool FollowsLatinLead(char second) =>
        (second != 0 && "€œŠš¢£Ÿž\u00A0\u00AD®©°·»–—´".Contains(second)) || (ClassOf(second) & (Start | End)) != 0;

    /// <summary>Whether a lead character and a space follow a lower-case letter, with or without white space between, or start the text.</summary>
    private static bool BlankFollowsWord(ReadOnlySpan<char> text, int at) =>
        at == 0
        || char.IsAsciiLetterLower(text[at - 1])
        || (at > 1 && PythonChars.IsSpace(text[at - 1]) && char.IsAsciiLetterLower(text[at - 2]));

    /// <summary>Whether Â is between characters that it can be the mis-decoded lead byte of.</summary>
    private static bool DoubledAcrossA0(char before, char after) =>
        (char.IsAsciiLetterLower(before) || before is '.' or ',' or '?' or '!' || (ClassOf(before) & End) != 0)
        && (after == ' ' || (ClassOf(after) & (Start | End)) != 0);

    private static bool ArabicTail(char second) =>
        (ClassOf(second) & (Common | Currency | Bad | Numeric | Start)) != 0 || second is 'Ÿ' or 'Š' or '®' or '°' or 'µ' or '»';

    private static bool LeadsTwice(char second) => (ClassOf(second) & (C1 | Bad | Start | End | Currency)) != 0 || second == '°';

    /// <summary>The five Cyrillic letters of a text that was mis-decoded three times, with a Latin letter or a space after the next character.</summary>
    private static bool ThriceMisread(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("ГўВЂВ") || text.Length < 7 || text[5] == '\n')
        {
            return false;
        }

        int after = 5 + PythonChars.At(text, 5).Units;
        return after < text.Length && (char.IsAsciiLetter(text[after]) || text[after] == ' ');
    }

    private static uint ClassOf(char unit) => unit < TableEnd ? Classes[unit] : unit < '\uE000' ? 0 : Outlying.GetValueOrDefault(unit);

    private static uint[] BuildClasses(out Dictionary<char, uint> outlying)
    {
        var all = new uint[0x10000];
        (int Class, string Members)[] categories =
        [
            (Common, MojibakeTable.Common), (C1, MojibakeTable.C1), (Bad, MojibakeTable.Bad), (Law, MojibakeTable.Law), (Currency, MojibakeTable.Currency),
            (Start, MojibakeTable.StartPunctuation), (End, MojibakeTable.EndPunctuation), (Numeric, MojibakeTable.Numeric), (Kaomoji, MojibakeTable.Kaomoji),
            (Upper, MojibakeTable.UpperAccented), (Lower, MojibakeTable.LowerAccented), (UpperCommon, MojibakeTable.UpperCommon),
            (LowerCommon, MojibakeTable.LowerCommon), (Box, MojibakeTable.Box), (Special, "ŒœÎÐÃÂ×ØÙà√≈‚вГВРСΒΓΞΟβā"),
        ];
        foreach ((int bit, string members) in categories)
        {
            foreach (char member in members)
            {
                all[member] |= (uint)bit;
            }
        }

        (int Left, int Right)[] clashes =
        [
            (Bad | Accented | Symbols, Bad),
            (Bad, Accented | Symbols),
            (Lower | LowerCommon | Box | End | Currency | Numeric, Upper),
            (Box | End | Currency | Numeric, Lower),
            (Lower | Box | End, Currency),
            (Upper | Box, Numeric | Law),
            (Currency | Numeric | Box, Start),
            (Box, Kaomoji),
            (Accented | Currency | Numeric | Start | End | Law, Box),
            (Box, End),
        ];
        outlying = [];
        for (int unit = 0; unit < all.Length; unit++)
        {
            uint own = all[unit];
            foreach ((int left, int right) in clashes)
            {
                all[unit] |= (own & left) != 0 ? (uint)right << 16 : 0;
            }

            if (unit >= TableEnd && own != 0)
            {
                outlying.Add((char)unit, all[unit]);
            }
        }

        return all[..TableEnd];
    }
}
