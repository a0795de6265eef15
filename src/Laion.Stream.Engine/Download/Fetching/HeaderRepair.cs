using System.Buffers;
using System.Globalization;
using System.Text;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Makes the head of an HTTP/1.x response acceptable to the platform's parser, which refuses a whole response for one flawed line where browsers and curl skip
/// the line. Pure.
/// </summary>
/// <remarks>
/// A line whose name is not a token is removed with its continuation lines; blanks before the colon are removed (RFC 9112 5.1), folded lines joined (5.2), NUL
/// and CR in values become blanks (RFC 9110 5.5). The status line is read as Chromium reads it: up to four bytes before it, any case, any version, any number
/// of blanks, 200 where the number is missing, zeros before a number of fewer than three digits and none before a longer one. Transfer codings beside <c>chunked</c> become content codings, and remove <c>Content-Length</c> (RFC 9112 6.3).
/// </remarks>
internal static class HeaderRepair
{
    private const int Slop = 4; // bytes before the status line that Chromium passes over
    private const int StatusDigits = 3;

    private static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> NotInValues = SearchValues.Create("\0\r"u8);

    /// <summary>Length of the head at the start of some bytes, its empty line included; -1 while its end is missing.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        for (int start = StartOf(bytes); ;)
        {
            int end = bytes[start..].IndexOf((byte)'\n');
            if (end < 0) { return -1; }
            bool isEmpty = !bytes.Slice(start, end).ContainsAnyExcept((byte)'\r');
            start += end + 1;
            if (isEmpty) { return start; }
        }
    }

    /// <summary>Whether some bytes are the start of an HTTP/1.x response; null when they are too few to tell.</summary>
    public static bool? IsHttp(ReadOnlySpan<byte> bytes) => IsName(bytes[StartOf(bytes)..]) ? true : bytes.Length < Slop + "HTTP"u8.Length ? null : false;

    /// <summary>Whether a complete head is an interim one (1xx but 101), which another head follows.</summary>
    public static bool IsInterim(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> status = StatusOf(head[StartOf(head)..]);
        return status.Length == StatusDigits && status[0] == '1' && !status.SequenceEqual("101"u8);
    }

    /// <summary>Whether a complete head, sound or repaired, announces a chunked body.</summary>
    public static bool IsChunked(ReadOnlySpan<byte> head)
    {
        foreach (Range range in head.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = head[range];
            int colon = line.IndexOf((byte)':');
            if (colon > 0 && IsTransferEncoding(line[..colon])) { return true; }
        }

        return false;
    }

    /// <summary>Whether the parser takes a complete head as it is.</summary>
    public static bool IsSound(ReadOnlySpan<byte> head)
    {
        int end = head.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = TrimEnd(head[..end]);
        if (!(line.StartsWith("HTTP/1.1 "u8) || line.StartsWith("HTTP/1.0 "u8)) || !IsSoundStatus(line[9..])) { return false; }
        while (true)
        {
            head = head[(end + 1)..];
            end = head.IndexOf((byte)'\n');
            line = head[..end];
            if (line is [] or [(byte)'\r']) { return true; }
            if (line[^1] == '\r') { line = line[..^1]; }
            int colon = line.IndexOfAnyExcept(Token);
            if (colon <= 0 || line[colon] != ':' || line[colon..].ContainsAny(NotInValues)) { return false; }
            if (IsTransferEncoding(line[..colon]) && !Ascii.EqualsIgnoreCase(Trim(line[(colon + 1)..]), "chunked"u8)) { return false; }
        }
    }

    /// <summary>The head without its flaws.</summary>
    /// <param name="head">A complete head.</param>
    public static byte[] Repair(ReadOnlySpan<byte> head)
    {
        head = head[StartOf(head)..];
        int end = head.IndexOf((byte)'\n');
        List<string> fields = FieldsOf(head[(end + 1)..]);
        string[] codings = [.. fields.Where(field => NameIs(field, "Transfer-Encoding"))
            .SelectMany(field => ValueOf(field).Split(',', StringSplitOptions.TrimEntries))
            .Select(coding => coding.ToLowerInvariant()).Where(coding => coding.Length > 0 && coding != "identity")];
        fields.RemoveAll(field => NameIs(field, "Transfer-Encoding") || (codings.Length > 0 && NameIs(field, "Content-Length")));
        if (codings.Length > 0 && codings[^1] == "chunked") { fields.Add("Transfer-Encoding: chunked"); }
        string[] rest = [.. codings.Where(coding => coding != "chunked")];
        if (rest.Length > 0) { fields.Add("Content-Encoding: " + string.Join(", ", rest)); }

        var text = new StringBuilder(StatusLine(head[..end])).Append("\r\n");
        foreach (string field in fields) { text.Append(field).Append("\r\n"); }
        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private static int StartOf(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i <= Slop && i < bytes.Length; i++)
        {
            if (IsName(bytes[i..])) { return i; }
        }

        return 0;
    }

    private static bool IsName(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && Ascii.EqualsIgnoreCase(bytes[..4], "HTTP"u8);

    // "200" or "200 reason": with another number of digits the parser refuses the response.
    private static bool IsSoundStatus(ReadOnlySpan<byte> rest) =>
        rest.Length >= StatusDigits && !rest[..StatusDigits].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (rest.Length == StatusDigits || rest[StatusDigits] == ' ')
        && !rest.ContainsAny(NotInValues);

    private static ReadOnlySpan<byte> StatusOf(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)'\n');
        line = TrimEnd(end < 0 ? line : line[..end]);
        int blank = line.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> rest = blank < 0 ? default : line[blank..].TrimStart(" \t"u8);
        int digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits < 0 ? rest : rest[..digits];
    }

    private static string StatusLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> status = StatusOf(line).TrimStart((byte)'0');
        bool isMissing = StatusOf(line).IsEmpty;
        ReadOnlySpan<byte> version = line[4..];
        bool isOld = !version.StartsWith("/"u8) || version.StartsWith("/0"u8) || version.StartsWith("/1.0"u8);
        return string.Create(CultureInfo.InvariantCulture, $"HTTP/1.{(isOld ? 0 : 1)} {(isMissing ? "200" : Encoding.Latin1.GetString(status).PadLeft(StatusDigits, '0'))} ");
    }

    // The lines with a sound name, as "Name: value", until the empty line.
    private static List<string> FieldsOf(ReadOnlySpan<byte> lines)
    {
        var fields = new List<string>();
        bool isKept = false;
        foreach (Range range in lines.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = TrimEnd(lines[range]);
            if (line is [(byte)' ' or (byte)'\t', ..])
            {
                if (isKept) { fields[^1] += " " + Text(line); }
                continue;
            }

            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> name = colon < 0 ? default : line[..colon].TrimEnd(" \t"u8);
            isKept = !name.IsEmpty && !name.ContainsAnyExcept(Token);
            if (isKept) { fields.Add($"{Encoding.Latin1.GetString(name)}: {Text(line[(colon + 1)..])}"); }
        }

        return fields;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value).Replace('\0', ' ').Replace('\r', ' ').Trim(' ', '\t');

    private static bool IsTransferEncoding(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8);

    private static bool NameIs(string field, string name) => field.StartsWith(name, StringComparison.OrdinalIgnoreCase) && field[name.Length] == ':';

    private static string ValueOf(string field) => field[(field.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> line) => line.TrimEnd((byte)'\r');

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
