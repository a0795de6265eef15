using System.Globalization;
using System.Text;
using LaionStream.Engine.Inputs.Records;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>An HTTP response from a WARC record, parsed as leniently as browsers do.</summary>
internal readonly ref struct HttpMessage
{
    private const int MostBytesBefore = 4;

    private HttpMessage(int status, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        Status = status;
        Header = header;
        Body = body;
    }

    private static ReadOnlySpan<byte> Version => "HTTP/"u8;

    /// <summary>The status code; 0 when the block has no HTTP header at all.</summary>
    public int Status { get; }

    /// <summary>Status line and fields.</summary>
    public ReadOnlySpan<byte> Header { get; }

    /// <summary>The body, still in its transfer and content codings.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>
    /// Parses a record's block. When there is no empty line, a block that begins with a status line consists of the header only. A status line is one in any
    /// case, also after up to 4 other bytes, as Chromium reads it.
    /// </summary>
    public static HttpMessage Parse(ReadOnlySpan<byte> block)
    {
        int start = StartOf(block);
        if (start < 0)
        {
            return new HttpMessage(0, default, block);
        }

        int header = RecordHeader.LengthOf(block);
        int length = header < 0 ? block.Length : header;
        return new HttpMessage(StatusOf(block[start..length]), block[..length], block[length..]);
    }

    /// <summary>A field's first value as text, or the empty string.</summary>
    /// <param name="name">The name, in lower case.</param>
    public string Field(ReadOnlySpan<byte> name) =>
        RecordHeader.TryFind(Header, name, out ReadOnlySpan<byte> value) ? Encoding.Latin1.GetString(value) : string.Empty;

    /// <summary>All fields of some names, in order, the lines of a folded one joined.</summary>
    /// <param name="names">The names, in any case.</param>
    public List<(string Name, string Value)> Fields(params ReadOnlySpan<string> names)
    {
        var fields = new List<(string Name, string Value)>();
        bool continues = false;
        foreach (string line in Encoding.Latin1.GetString(Header).Split('\n'))
        {
            if (line is [' ' or '\t', ..])
            {
                if (continues) { fields[^1] = (fields[^1].Name, $"{fields[^1].Value} {line.Trim()}"); }
                continue;
            }

            continues = false;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            foreach (string name in names)
            {
                if (colon > 0 && line.AsSpan(0, colon).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    fields.Add((name, line[(colon + 1)..].Trim()));
                    continues = true;
                }
            }
        }

        return fields;
    }

    /// <summary>Where the status line starts; -1 when there is none.</summary>
    private static int StartOf(ReadOnlySpan<byte> block)
    {
        for (int start = 0; start <= MostBytesBefore && block.Length >= start + Version.Length; start++)
        {
            if (Ascii.EqualsIgnoreCase(block.Slice(start, Version.Length), Version)) { return start; }
        }

        return -1;
    }

    private static int StatusOf(ReadOnlySpan<byte> header)
    {
        int blank = header.IndexOf((byte)' ');
        ReadOnlySpan<byte> rest = blank < 0 ? default : header[blank..].TrimStart((byte)' ');
        return rest.Length >= 3 && int.TryParse(rest[..3], NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : 0;
    }
}
