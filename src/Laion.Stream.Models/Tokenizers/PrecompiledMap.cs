using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LaionStream.Models.Tokenizers;

/// <summary>
/// SentencePiece's compiled character map (google/sentencepiece normalizer.cc): a Darts-clone double array from UTF-8 to offsets in a block of zero-terminated
/// strings. Applied to graphemes, then to characters, as Hugging Face's spm_precompiled does.
/// </summary>
internal sealed class PrecompiledMap
{
    /// <summary>Graphemes of more bytes are mapped character by character.</summary>
    private const int LongestGrapheme = 6;

    private readonly uint[] _units;
    private readonly byte[] _strings;

    /// <summary>Reads the map: size of the array in bytes, the array, the strings.</summary>
    /// <exception cref="InvalidDataException">It is truncated.</exception>
    public PrecompiledMap(ReadOnlySpan<byte> map)
    {
        int size = map.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(map);
        if (size < 4 || size % 4 != 0 || size > map.Length - 4) { throw new InvalidDataException("has a truncated character map"); }

        _units = new uint[size / 4];
        for (int i = 0; i < _units.Length; i++) { _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + (i * 4))..]); }

        _strings = map[(4 + size)..].ToArray();
    }

    /// <summary>Replaces everything that the map contains.</summary>
    public string Apply(string text)
    {
        var output = new StringBuilder(text.Length);
        TextElementEnumerator graphemes = StringInfo.GetTextElementEnumerator(text);
        Span<byte> bytes = stackalloc byte[4];
        while (graphemes.MoveNext())
        {
            string grapheme = graphemes.GetTextElement();
            if (Encoding.UTF8.GetByteCount(grapheme) < LongestGrapheme && Find(Encoding.UTF8.GetBytes(grapheme)) is { } whole)
            {
                output.Append(whole);
                continue;
            }

            foreach (Rune rune in grapheme.EnumerateRunes())
            {
                if (Find(bytes[..rune.EncodeToUtf8(bytes)]) is { } one) { output.Append(one); } else { output.Append(rune); }
            }
        }

        return output.ToString();
    }

    /// <summary>The string for the shortest key that is a prefix of the bytes, or null.</summary>
    private string? Find(ReadOnlySpan<byte> key)
    {
        uint at = Offset(_units[0]);
        foreach (byte b in key)
        {
            at ^= b;
            if (b == 0 || at >= _units.Length || Label(_units[at]) != b) { return null; }

            bool leaf = ((_units[at] >> 8) & 1) == 1;
            at ^= Offset(_units[at]);
            if (leaf && at < _units.Length) { return Text((int)(_units[at] & 0x7FFFFFFF)); }
        }

        return null;
    }

    private string? Text(int start)
    {
        if (start >= _strings.Length) { return null; }

        int length = _strings.AsSpan(start).IndexOf((byte)0);
        return Encoding.UTF8.GetString(_strings, start, length < 0 ? _strings.Length - start : length);
    }

    private static uint Label(uint unit) => unit & 0x800000FF;

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
