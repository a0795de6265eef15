using System.Text;

namespace LaionStream.Search.Rows;

/// <summary>The distinct texts of a column in a row file, sorted by their UTF-8 bytes; a row has a text's place among them.</summary>
public readonly ref struct RowTexts
{
    private readonly ReadOnlySpan<int> _ends;
    private readonly ReadOnlySpan<byte> _bytes;

    internal RowTexts(ReadOnlySpan<int> ends, ReadOnlySpan<byte> bytes)
    {
        _ends = ends;
        _bytes = bytes;
    }

    /// <summary>How many there are.</summary>
    public int Count => _ends.Length;

    /// <summary>The text at a place.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public string this[int place] => Encoding.UTF8.GetString(Utf8(place));

    /// <summary>The place of a text; −1 when no row has it.</summary>
    public int Find(string text)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(text);
        (int low, int high) = (0, Count - 1);
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Utf8(middle).SequenceCompareTo(wanted);
            if (order == 0) { return middle; }
            if (order < 0) { low = middle + 1; }
            else { high = middle - 1; }
        }

        return -1;
    }

    private ReadOnlySpan<byte> Utf8(int place)
    {
        int from = place == 0 ? 0 : _ends[place - 1];
        int to = _ends[place];
        return from >= 0 && to >= from && to <= _bytes.Length ? _bytes[from..to] : throw new InvalidDataException("A list of texts of a row file is damaged.");
    }
}
