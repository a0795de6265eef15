using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LaionStream.Search.Vectors;

/// <summary>What the head of a NumPy file says, whoever wrote it: numpy, autofaiss, clip-retrieval or this program.</summary>
/// <param name="Rows">Vectors in the file.</param>
/// <param name="Width">Numbers of a vector.</param>
/// <param name="IsHalf">Whether a number is a float16; otherwise it is a float32.</param>
/// <param name="DataAt">Where the numbers begin, in bytes from the start of the file.</param>
internal sealed partial record NpyShape(long Rows, int Width, bool IsHalf, int DataAt)
{
    /// <summary>The most bytes of a head that are read: numpy's own heads have 64 to 192.</summary>
    public const int MaxBytes = 1 << 14;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Bytes of a vector.</summary>
    public int RowBytes => Width * (IsHalf ? sizeof(ushort) : sizeof(float));

    /// <summary>Reads a head.</summary>
    /// <param name="head">The first bytes of the file: up to <see cref="MaxBytes"/>.</param>
    /// <param name="fileBytes">The length of the file.</param>
    /// <exception cref="InvalidDataException">The file is not a matrix of float16 or float32, or its length is not the one that the head promises. The message is a part of a sentence that begins with the file.</exception>
    public static NpyShape Read(ReadOnlySpan<byte> head, long fileBytes)
    {
        string text = Dictionary(head, out int dataAt);
        Match type = Type().Match(text);
        if (!type.Success || type.Groups[1].Value is not ("<f2" or "<f4"))
        {
            throw new InvalidDataException($"holds numbers of type {(type.Success ? $"'{type.Groups[1].Value}'" : "unknown")}: vectors are float16 ('<f2') or float32 ('<f4')");
        }

        if (!RowByRow().IsMatch(text)) { throw new InvalidDataException("is stored column by column (fortran_order): vectors are stored row by row"); }

        Match shape = Shape().Match(text);
        if (!shape.Success
            || !long.TryParse(shape.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long rows)
            || !int.TryParse(shape.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            || width is 0 or > 1 << 16)
        {
            throw new InvalidDataException("is not a matrix of vectors: its shape is not (rows, numbers of a vector)");
        }

        if (rows > int.MaxValue && fileBytes > int.MaxValue) { throw new InvalidDataException($"has {rows} vectors: more than {int.MaxValue} must be split into several files"); }

        var found = new NpyShape(rows, width, type.Groups[1].Value == "<f2", dataAt);
        found.CheckLength(fileBytes);
        return found;
    }

    private void CheckLength(long fileBytes)
    {
        Int128 expected = DataAt + ((Int128)Rows * RowBytes);
        if (fileBytes < expected) { throw new InvalidDataException($"is cut short: {Rows} vectors of {Width} numbers are {expected} bytes, it has {fileBytes}"); }
        if (fileBytes > expected) { throw new InvalidDataException($"has {fileBytes - expected} bytes after its {Rows} vectors"); }
    }

    private static string Dictionary(ReadOnlySpan<byte> head, out int dataAt)
    {
        dataAt = 0;
        if (head.Length < 10 || !head.StartsWith(Magic)) { throw new InvalidDataException("is not a NumPy file"); }

        (int at, long length) = head[6] switch
        {
            1 => (10, BitConverter.ToUInt16([head[8], head[9]])),
            2 or 3 when head.Length >= 12 => (12, BitConverter.ToUInt32([head[8], head[9], head[10], head[11]])),
            _ => throw new InvalidDataException($"has NumPy format {head[6]}.{head[7]}, which is not known"),
        };
        if (length > head.Length - at) { throw new InvalidDataException(length > MaxBytes ? $"has a head of {length} bytes" : "is cut short: its head is not complete"); }

        dataAt = at + (int)length;
        return Encoding.Latin1.GetString(head[at..dataAt]);
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,16})'", RegexOptions.CultureInvariant)]
    private static partial Regex Type();

    [GeneratedRegex(@"'fortran_order'\s*:\s*False", RegexOptions.CultureInvariant)]
    private static partial Regex RowByRow();

    [GeneratedRegex(@"'shape'\s*:\s*\(\s*([0-9]{1,18})L?\s*,\s*([0-9]{1,9})L?\s*,?\s*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
