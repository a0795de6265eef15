using System.Text;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// Detects a file that is not a list although it is named like one: an error page of the server that it came from, a compressed file without its extension, an
/// archive. Its lines are not rows: the real file may replace it later. Pure.
/// </summary>
internal static class ListContent
{
    /// <summary>Number of bytes that are examined.</summary>
    public const int Head = 64 << 10;

    private const int ShownCharacters = 60;

    private static readonly byte[][] Marks =
        [[0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [.. "PAR1"u8], [.. "PK\x03\x04"u8], [.. "%PDF"u8], [.. "BZh"u8],
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']];

    /// <summary>Checks the first bytes of a list.</summary>
    /// <param name="location">For messages.</param>
    /// <param name="kind">The ending of its name, without that of its packing.</param>
    /// <param name="head">Its first bytes, decompressed.</param>
    /// <exception cref="InputRefusedException">They are no list's.</exception>
    public static void Check(string location, string kind, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith<byte>([0xFF, 0xFE]) || head.StartsWith<byte>([0xFE, 0xFF])) { return; } // UTF-16, which is full of zeros

        ReadOnlySpan<byte> text = (head.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? head[3..] : head).TrimStart(" \t\r\n"u8);
        bool isPacked = IsMarked(head) || text.StartsWith("\0"u8);
        bool isPage = text.StartsWith("<"u8) || (text.StartsWith("{"u8) && kind is ".csv" or ".tsv" or ".txt");
        bool isNoAddress = kind == ".txt" && !text.IsEmpty && !HasAddress(text);
        if (!isPacked && !isPage && !isNoAddress) { return; }

        string shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, ShownCharacters)]);
        shown = new string([.. shown.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)]);
        throw new InputRefusedException(
            $"'{location}' holds no list: {(isPacked ? "it is another kind of file" : isPage ? "it is an error page" : "no line is an address")}; it begins with '{shown}'.");
    }

    private static bool IsMarked(ReadOnlySpan<byte> head)
    {
        foreach (byte[] mark in Marks)
        {
            if (head.StartsWith(mark)) { return true; }
        }

        return false;
    }

    /// <summary>Whether a line begins as an address does.</summary>
    private static bool HasAddress(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOfAny("\r\n"u8);
            ReadOnlySpan<byte> line = (end < 0 ? text : text[..end]).TrimStart(" \t"u8);
            if (line.Length > 5 && Ascii.EqualsIgnoreCase(line[..4], "http"u8) && (line[4] == ':' || ((line[4] | 0x20) == 's' && line[5] == ':')))
            {
                return true;
            }
            text = end < 0 ? default : text[(end + 1)..];
        }

        return false;
    }
}
