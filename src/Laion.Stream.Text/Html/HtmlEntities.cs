using System.Collections.Frozen;
using System.Globalization;
using LaionStream.Text.Captions.Tables;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Html;

/// <summary>Decodes HTML's character references in text by HTML5's rules, exactly as <c>html.unescape</c> of Python 3.11 does.</summary>
/// <remarks>
/// The names are our own table: a reference without a semicolon is the longest name that is a prefix of it, so the names must be searched by span and listed,
/// while AngleSharp's provider looks up whole strings only, with one allocation per attempt for every caption with an ampersand.
/// </remarks>
internal static class HtmlEntities
{
    /// <summary>Most code points of a name, from the regular expression of Python's <c>html</c> module.</summary>
    private const int MaxName = 32;

    /// <summary>Most letters and digits of a reference that ftfy decodes (ftfy/chardata.py, HTML_ENTITY_RE).</summary>
    private const int MaxClosedName = 24;

    private static readonly FrozenDictionary<string, Named>.AlternateLookup<ReadOnlySpan<char>> Names =
        Parse(HtmlEntityTable.Names).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, Named>.AlternateLookup<ReadOnlySpan<char>> Shouted =
        Parse(HtmlEntityTable.Shouted).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int LongestBare = Names.Dictionary.Where(n => n.Value.Bare).Max(n => n.Key.Length);

    /// <summary>The characters of bytes 80 to 9F in Windows-1252; numeric references to C1 controls mean these.</summary>
    private static ReadOnlySpan<char> C1Meanings => CodePageTable.SloppyWindows1252.AsSpan(0, 0x20);

    /// <summary>Decodes all references once; returns a new string.</summary>
    public static string Unescape(ReadOnlySpan<char> text)
    {
        int first = text.IndexOf('&');
        if (first < 0)
        {
            return new string(text);
        }

        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            output.Append(text[..first]);
            Decode(text[first..], ref output);
            return new string(output.Written);
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Decodes all references once; returns the same string when there is nothing to decode.</summary>
    public static string Unescape(string text)
    {
        int first = text.IndexOf('&');
        if (first < 0)
        {
            return text;
        }

        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            output.Append(text.AsSpan(0, first));
            Decode(text.AsSpan(first), ref output);
            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Whether no ampersand of the text can start a reference, so that decoding changes nothing. May answer false where nothing changes.</summary>
    public static bool NothingIn(ReadOnlySpan<char> text)
    {
        for (int at; (at = text.IndexOf('&')) >= 0; text = text[(at + 1)..])
        {
            if (at + 1 < text.Length && !EndsName(text[at + 1]))
            {
                return false;
            }

            if (at + 1 < text.Length && text[at + 1] == '#')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Decodes only what is surely meant: references with their semicolon, names in capitals too, as ftfy does (ftfy/fixes.py, unescape_html).
    /// An ampersand that was itself escaped may start the next reference, so that a long chain of <c>amp;</c> takes one pass.
    /// </summary>
    /// <returns>The decoded text; the same string when there is nothing to decode.</returns>
    public static string UnescapeClosed(string text)
    {
        int first = text.IndexOf('&');
        if (first < 0 || text.IndexOf(';', first) < 0)
        {
            return text;
        }

        var output = new CharBuffer(stackalloc char[512]);
        try
        {
            DecodeClosed(text, first, ref output);
            return output.ToString(text);
        }
        finally
        {
            output.Dispose();
        }
    }

    private static void DecodeClosed(ReadOnlySpan<char> text, int first, ref CharBuffer output)
    {
        output.Append(text[..first]);
        text = text[first..];
        while (!text.IsEmpty)
        {
            int used = 1;
            string? meant = "&";
            while (meant == "&" && ClosedReference(text[used..]) is var next and > 0)
            {
                meant = MeaningOfClosed(text.Slice(used, next - 1));
                if (meant is null)
                {
                    output.Append('&');
                    output.Append(text.Slice(used, next));
                }

                used += next;
            }

            output.Append(meant);
            int plain = text[used..].IndexOf('&');
            plain = plain < 0 ? text.Length - used : plain;
            output.Append(text.Slice(used, plain));
            text = text[(used + plain)..];
        }
    }

    /// <summary>Units up to and with the semicolon of <c>#?[0-9A-Za-z]{1,24};</c>, 0 when there is no such reference.</summary>
    private static int ClosedReference(ReadOnlySpan<char> text)
    {
        int start = text.StartsWith('#') ? 1 : 0;
        int end = start;
        while (end < text.Length && end - start < MaxClosedName && char.IsAsciiLetterOrDigit(text[end]))
        {
            end++;
        }

        return end > start && end < text.Length && text[end] == ';' ? end + 1 : 0;
    }

    /// <summary>The text of a closed reference; null when it is not a reference, or is half of one.</summary>
    private static string? MeaningOfClosed(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith('#'))
        {
            return Names.TryGetValue(name, out Named? named) || Shouted.TryGetValue(name, out named) ? named.Text : null;
        }

        var number = new CharBuffer(stackalloc char[2]);
        bool whole = DecodeNumber(name, ref number) == name.Length && !number.Written.SequenceEqual(";");
        return whole ? new string(number.Written) : null;
    }

    private static void Decode(ReadOnlySpan<char> text, ref CharBuffer output)
    {
        while (!text.IsEmpty)
        {
            int plain = text.IndexOf('&');
            if (plain < 0)
            {
                output.Append(text);
                return;
            }

            output.Append(text[..plain]);
            text = text[(plain + 1)..];
            int used = text.StartsWith('#') ? DecodeNumber(text, ref output) : DecodeName(text, ref output);
            if (used == 0)
            {
                output.Append('&');
            }

            text = text[used..];
        }
    }

    /// <summary>Decodes <c>#…</c>; returns the units used, 0 when it is not a reference.</summary>
    private static int DecodeNumber(ReadOnlySpan<char> text, ref CharBuffer output)
    {
        bool hex = text.Length > 1 && text[1] is 'x' or 'X';
        int start = hex ? 2 : 1;
        int end = start;
        int value = 0;
        for (; end < text.Length && (hex ? char.IsAsciiHexDigit(text[end]) : char.IsAsciiDigit(text[end])); end++)
        {
            int digit = char.IsAsciiDigit(text[end]) ? text[end] - '0' : (text[end] | 0x20) - 'a' + 10;
            value = Math.Min(value * (hex ? 16 : 10) + digit, 0x110000); // a value out of range stays out of range
        }

        if (end == start)
        {
            return 0;
        }

        switch (value)
        {
            case 0 or (>= 0xD800 and <= 0xDFFF) or > 0x10FFFF:
                output.Append('\uFFFD');
                break;
            case >= 0x80 and <= 0x9F:
                output.Append(C1Meanings[value - 0x80]);
                break;
            case < 0x20 and not ('\t' or '\n' or '\f' or '\r'):
            case 0x7F:
            case >= 0xFDD0 and <= 0xFDEF:
            case var noncharacter when (noncharacter & 0xFFFE) == 0xFFFE:
                break; // HTML5 calls these errors; Python omits them
            default:
                output.AppendCodePoint(value);
                break;
        }

        return end < text.Length && text[end] == ';' ? end + 1 : end;
    }

    /// <summary>Decodes a name, or its longest prefix that needs no semicolon; returns the units used, 0 when it is not a reference.</summary>
    private static int DecodeName(ReadOnlySpan<char> text, ref CharBuffer output)
    {
        int end = 0;
        for (int points = 0; end < text.Length && points < MaxName && !EndsName(text[end]); points++)
        {
            end += char.IsHighSurrogate(text[end]) && end + 1 < text.Length && char.IsLowSurrogate(text[end + 1]) ? 2 : 1;
        }

        ReadOnlySpan<char> name = text[..end];
        bool closed = end > 0 && end < text.Length && text[end] == ';';
        if (Names.TryGetValue(name, out Named? named) && (closed || named.Bare))
        {
            output.Append(named.Text);
            return closed ? end + 1 : end;
        }

        for (int length = Math.Min(closed ? end : end - 1, LongestBare); length > 1; length--)
        {
            if (Names.TryGetValue(name[..length], out named) && named.Bare)
            {
                output.Append(named.Text);
                return length;
            }
        }

        return 0;
    }

    private static bool EndsName(char unit) => unit is '\t' or '\n' or '\f' or ' ' or '<' or '&' or '#' or ';';

    private static FrozenDictionary<string, Named> Parse(string table)
    {
        var names = new Dictionary<string, Named>(StringComparer.Ordinal);
        foreach (string entry in table.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            string name = entry[..equals];
            string text = string.Concat(entry[(equals + 1)..].Split(' ')
                .Select(hex => char.ConvertFromUtf32(int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))));
            names.Add(name.TrimEnd('*'), new Named(text, name.EndsWith('*')));
        }

        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private sealed record Named(string Text, bool Bare);
}
