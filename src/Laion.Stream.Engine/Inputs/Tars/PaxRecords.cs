using System.Globalization;
using System.Text;

namespace LaionStream.Engine.Inputs.Tars;

/// <summary>The records of a pax header that matter here (POSIX.1-2001). Pure.</summary>
/// <param name="Path">The next entry's name; null when it is not given.</param>
/// <param name="Size">Its stored bytes; null when they are not given.</param>
/// <param name="IsSparse">Whether its bytes are the parts of a sparse file.</param>
internal readonly record struct PaxRecords(string? Path, long? Size, bool IsSparse)
{
    /// <summary>Reads <c>length key=value</c> lines; a malformed one ends them.</summary>
    public static PaxRecords Parse(ReadOnlySpan<byte> bytes)
    {
        PaxRecords records = default;
        while (TryTake(ref bytes, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (key.SequenceEqual("path"u8)) { records = records with { Path = Encoding.UTF8.GetString(value) }; }
            else if (key.SequenceEqual("size"u8)) { records = records with { Size = SizeOf(value) }; }
            else if (key.StartsWith("GNU.sparse."u8)) { records = records with { IsSparse = true }; }
        }

        return records;
    }

    private static long SizeOf(ReadOnlySpan<byte> value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : -1;

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = value = default;
        int space = bytes.IndexOf((byte)' ');
        if (space < 1 || !int.TryParse(bytes[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length <= space + 1 || length > bytes.Length || bytes[length - 1] != '\n')
        {
            return false;
        }

        ReadOnlySpan<byte> record = bytes[(space + 1)..(length - 1)];
        bytes = bytes[length..];
        int equals = record.IndexOf((byte)'=');
        if (equals < 0) { return false; }

        key = record[..equals];
        value = record[(equals + 1)..];
        return true;
    }
}
