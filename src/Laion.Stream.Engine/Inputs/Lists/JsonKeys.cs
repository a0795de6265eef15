using System.Text;
using System.Text.Json;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// Finds the column of a key, ignoring case. Most lines have the same keys in the same order and spelling, so the next column is tried first, and other
/// spellings are remembered.
/// </summary>
/// <param name="names">Names of the columns.</param>
internal sealed class JsonKeys(IEnumerable<string> names)
{
    private const int MostLate = 16;
    private const int MostSpellings = 256;

    private readonly List<(byte[] Name, int Column)> _spellings = [.. names.Select((name, column) => (Encoding.UTF8.GetBytes(name), column))];
    private readonly string[] _names = [.. names];
    private readonly List<byte[]> _late = [];

    /// <summary>Number of columns.</summary>
    public int Count => _names.Length;

    /// <summary>The first keys that belong to no column, as written in the lines.</summary>
    public IReadOnlyList<string> Late => [.. _late.Select(Encoding.UTF8.GetString)];

    /// <summary>The column of the reader's current key, or −1.</summary>
    /// <param name="reader">A reader positioned at a property name.</param>
    /// <param name="expected">The column to try first.</param>
    public int Find(ref Utf8JsonReader reader, int expected)
    {
        if (expected < _names.Length && reader.ValueTextEquals(_spellings[expected].Name)) { return expected; }

        foreach ((byte[] name, int column) in _spellings)
        {
            if (reader.ValueTextEquals(name)) { return column; }
        }

        return FindOtherSpelling(ref reader);
    }

    private int FindOtherSpelling(ref Utf8JsonReader reader)
    {
        foreach (byte[] name in _late)
        {
            if (reader.ValueSpan.SequenceEqual(name)) { return -1; }
        }

        string key = Encoding.UTF8.GetString(reader.ValueSpan); // a key with escapes is compared above, as it reads
        int column = Array.FindIndex(_names, name => name.Equals(key, StringComparison.OrdinalIgnoreCase));
        if (column >= 0 && _spellings.Count < _names.Length + MostSpellings) { _spellings.Add((reader.ValueSpan.ToArray(), column)); }
        if (column < 0 && _late.Count < MostLate) { _late.Add(reader.ValueSpan.ToArray()); }
        return column;
    }
}
