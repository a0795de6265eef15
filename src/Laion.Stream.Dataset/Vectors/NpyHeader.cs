using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LaionStream.Dataset.Vectors;

/// <summary>The head of a NumPy file of a matrix of float16 (format 1.0), in the bytes that numpy itself writes.</summary>
/// <remarks>
/// Readers of embeddings do not evaluate the dictionary as Python does: <c>embedding_reader</c> takes type and shape out of the text with regular expressions
/// and lets the data begin behind the first line feed.
/// </remarks>
public static partial class NpyHeader
{
    /// <summary>Length in bytes: a multiple of 64 that holds any number of rows.</summary>
    public const int Bytes = 128;

    /// <summary>Bytes of one number.</summary>
    public const int NumberBytes = 2;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, Bytes - 10, 0];

    /// <summary>Makes the head.</summary>
    /// <param name="rows">Vectors in the file.</param>
    /// <param name="width">Numbers of a vector.</param>
    public static byte[] Make(long rows, int width)
    {
        string dictionary = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f2', 'fortran_order': False, 'shape': ({rows}, {width}), }}");
        return [.. Magic, .. Encoding.ASCII.GetBytes(dictionary.PadRight(Bytes - Magic.Length - 1)), (byte)'\n'];
    }

    /// <summary>Reads a head that <see cref="Make"/> wrote.</summary>
    /// <param name="head">The first <see cref="Bytes"/> bytes of a file.</param>
    /// <returns>Rows and numbers of a row; null where the bytes are something else.</returns>
    public static (long Rows, int Width)? Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < Bytes || !head.StartsWith(Magic)) { return null; }

        Match match = Dictionary().Match(Encoding.ASCII.GetString(head[Magic.Length..Bytes]));
        return match.Success
            && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long rows)
            && int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int width)
                ? (rows, width)
                : null;
    }

    [GeneratedRegex(@"\A\{'descr': '<f2', 'fortran_order': False, 'shape': \(([0-9]{1,18}), ([0-9]{1,9})\), \} *\n\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dictionary();
}
