using System.Buffers.Text;
using System.Text;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>Reads the header lines of a WARC record (ISO 28500, section 4): names in any case, lines ended by CRLF or LF.</summary>
internal static class RecordHeader
{
    /// <summary>Longest header of a record, in bytes; anything longer is not a record.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>Bytes up to and including the empty line, or -1 when there is none.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        int crlf = bytes.IndexOf("\r\n\r\n"u8);
        int lf = (crlf < 0 ? bytes : bytes[..crlf]).IndexOf("\n\n"u8);
        if (lf >= 0)
        {
            return lf + 2;
        }

        return crlf < 0 ? -1 : crlf + 4;
    }

    /// <summary>Finds a field's first value, trimmed; false when there is none.</summary>
    /// <param name="header">Header lines. Of a folded value only its first non-empty line is read.</param>
    /// <param name="name">Field name in lower case.</param>
    /// <param name="value">The value.</param>
    public static bool TryFind(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = header;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Length > name.Length && IsName(line, name))
            {
                ReadOnlySpan<byte> after = line[name.Length..].TrimStart(" \t"u8);
                if (after.Length > 0 && after[0] == (byte)':')
                {
                    value = after[1..].Trim(" \t\r"u8);
                    if (value.IsEmpty && !rest.IsEmpty && rest[0] is (byte)' ' or (byte)'\t')
                    {
                        int folded = rest.IndexOf((byte)'\n');
                        value = (folded < 0 ? rest : rest[..folded]).Trim(" \t\r"u8);
                    }

                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>The Content-Length, or -1 when it is missing or not a number.</summary>
    public static long ContentLength(ReadOnlySpan<byte> header) =>
        TryFind(header, "content-length"u8, out ReadOnlySpan<byte> value) && Utf8Parser.TryParse(value, out long length, out int read) && read == value.Length
            && length >= 0
            ? length
            : -1;

    private static bool IsName(ReadOnlySpan<byte> line, ReadOnlySpan<byte> lower)
    {
        for (int i = 0; i < lower.Length; i++)
        {
            byte b = line[i];
            if ((b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b) != lower[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a record has the given <c>WARC-Type</c>.</summary>
    /// <param name="header">The record's header.</param>
    /// <param name="type">In any case.</param>
    public static bool IsOfType(ReadOnlySpan<byte> header, ReadOnlySpan<byte> type) =>
        TryFind(header, "warc-type"u8, out ReadOnlySpan<byte> value) && Ascii.EqualsIgnoreCase(value, type);
}
