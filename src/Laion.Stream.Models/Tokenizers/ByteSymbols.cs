using System.Text;

namespace LaionStream.Models.Tokenizers;

/// <summary>
/// GPT-2's printable alphabet for bytes, in which BPE vocabularies are written (openai/CLIP clip/simple_tokenizer.py, <c>bytes_to_unicode</c>):
/// printable Latin-1 bytes map to themselves, the other 68 to U+0100 and up.
/// </summary>
internal static class ByteSymbols
{
    /// <summary>The bytes in the order of the first 256 ids of CLIP's vocabulary.</summary>
    public static IReadOnlyList<byte> InVocabularyOrder { get; } =
        [.. Range('!', '~'), .. Range('¡', '¬'), .. Range('®', 'ÿ'), .. Others()];

    /// <summary>The character of each byte.</summary>
    public static IReadOnlyList<char> Of { get; } = Characters();

    /// <summary>A byte string in that alphabet.</summary>
    public static string Spell(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte b in bytes) { text.Append(Of[b]); }

        return text.ToString();
    }

    private static IEnumerable<byte> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(c => (byte)c);

    private static IEnumerable<byte> Others() => Enumerable.Range(0, 256).Where(b => !IsPrintable(b)).Select(b => (byte)b);

    private static bool IsPrintable(int b) => b is (>= '!' and <= '~') or (>= '¡' and <= '¬') or (>= '®' and <= 'ÿ');

    private static char[] Characters()
    {
        var characters = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++) { characters[b] = (char)(IsPrintable(b) ? b : next++); }

        return characters;
    }
}
