using System.Text;
using System.Text.Json;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Finds the column of a key. Most lines have the same keys in the same order, so the next column is tried first.</summary>
/// <param name="names">Names of the columns.</param>
internal sealed class JsonKeys(IEnumerable<string> names)
{
    private const int MostLate = 16;

    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];
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
        if (expected < _names.Length && reader.ValueTextEquals(_names[expected]))
        {
            return expected;
        }

        for (int i = 0; i < _names.Length; i++)
        {
            if (reader.ValueTextEquals(_names[i]))
            {
                return i;
            }
        }

        Note(ref reader);
        return -1;
    }

    private void Note(ref Utf8JsonReader reader)
    {
        foreach (byte[] name in _late)
        {
            if (reader.ValueSpan.SequenceEqual(name))
            {
                return;
            }
        }

        if (_late.Count < MostLate)
        {
            _late.Add(reader.ValueSpan.ToArray());
        }
    }
}
