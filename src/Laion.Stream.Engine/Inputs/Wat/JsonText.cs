using System.Buffers;
using System.Text;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>Decodes the content of a JSON string into UTF-16, in a reused buffer.</summary>
internal sealed class JsonText
{
    private char[] _chars = new char[1024];

    /// <summary>
    /// The text of a raw string: escapes resolved, invalid UTF-8 as U+FFFD, surrogates of <c>\u</c> escapes unchanged, an escape that
    /// JSON does not define as the character after the backslash. Valid until the next call.
    /// </summary>
    /// <param name="raw">The bytes between the quotes.</param>
    public ReadOnlySpan<char> Decode(ReadOnlySpan<byte> raw)
    {
        if (_chars.Length < raw.Length)
        {
            _chars = new char[Math.Max(raw.Length, _chars.Length * 2)]; // UTF-16 never needs more units than UTF-8 has bytes
        }

        int length = 0;
        while (true)
        {
            int escape = raw.IndexOf((byte)'\\');
            length += Transcode(escape < 0 ? raw : raw[..escape], _chars.AsSpan(length));
            if (escape < 0 || escape + 1 >= raw.Length)
            {
                return _chars.AsSpan(0, length);
            }

            raw = raw[(escape + 1)..];
            if (raw[0] == (byte)'u' && TryHex(raw[1..], out char unit))
            {
                _chars[length++] = unit;
                raw = raw[5..];
                continue;
            }

            byte simple = raw[0] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'t' => (byte)'\t',
                (byte)'r' => (byte)'\r',
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                < 0x80 => raw[0],
                _ => 0,
            };
            if (simple != 0)
            {
                _chars[length++] = (char)simple;
                raw = raw[1..];
            }
        }
    }

    private static int Transcode(ReadOnlySpan<byte> utf8, Span<char> chars) => Encoding.UTF8.GetChars(utf8, chars);

    private static bool TryHex(ReadOnlySpan<byte> digits, out char unit)
    {
        unit = default;
        if (digits.Length < 4)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[2];
        if (Convert.FromHexString(digits[..4], bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        unit = (char)((bytes[0] << 8) | bytes[1]);
        return true;
    }
}
