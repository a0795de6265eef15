using LaionStream.Text.Captions.Tables;

namespace LaionStream.Text.Captions;

/// <summary>
/// A single-byte encoding, in both directions, as ftfy uses it: a sloppy one fills its gaps and encodes U+FFFD as byte 1A (ftfy/bad_codecs/sloppy.py).
/// </summary>
internal sealed class CodePage
{
    /// <summary>The encodings that mojibake is tested against, in ftfy's order (ftfy/chardata.py, CHARMAP_ENCODINGS).</summary>
    public static readonly CodePage[] All =
    [
        new(Latin1, sloppy: false),
        new(CodePageTable.SloppyWindows1252, sloppy: true),
        new(CodePageTable.SloppyWindows1251, sloppy: true),
        new(CodePageTable.SloppyWindows1250, sloppy: true),
        new(CodePageTable.SloppyWindows1253, sloppy: true),
        new(CodePageTable.SloppyWindows1254, sloppy: true),
        new(CodePageTable.SloppyWindows1257, sloppy: true),
        new(CodePageTable.Iso88592, sloppy: false),
        new(CodePageTable.Macroman, sloppy: false) { SpacesMayBeLost = false },
        new(CodePageTable.Cp437, sloppy: false),
    ];

    private static char[] Latin1 => [.. Enumerable.Range(0x80, 0x80).Select(number => (char)number)];

    /// <summary>The byte of every character up to U+FFFF, in pages of 256; 0 where there is none.</summary>
    private readonly byte[]?[] _pages = new byte[]?[256];

    private CodePage(ReadOnlySpan<char> upper, bool sloppy)
    {
        Sloppy = sloppy;
        for (int i = 0; i < 0x80; i++)
        {
            Map(upper[i], (byte)(0x80 + i));
        }

        for (int i = 1; i < 0x80; i++)
        {
            if (!(sloppy && i == Substitute))
            {
                Map((char)i, (byte)i);
            }
        }

        if (sloppy)
        {
            Map('\uFFFD', Substitute);
        }
    }

    /// <summary>The byte that replaces a lost one.</summary>
    public const byte Substitute = 0x1A;

    /// <summary>Whether lost bytes can be recognised, as <see cref="Substitute"/>.</summary>
    public bool Sloppy { get; }

    /// <summary>Whether a space may replace byte A0; not in MacRoman, where an en dash before a space would look like that.</summary>
    public bool SpacesMayBeLost { get; private init; } = true;

    /// <summary>Encodes the text; false when a character has no byte.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">At least as long as the text.</param>
    public bool TryEncode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char unit = text[i];
            byte value = _pages[unit >> 8] is { } page ? page[unit & 0xFF] : (byte)0;
            if (value == 0 && unit != 0)
            {
                return false;
            }

            bytes[i] = value;
        }

        return true;
    }

    private void Map(char unit, byte value) => (_pages[unit >> 8] ??= new byte[256])[unit & 0xFF] = value;
}
