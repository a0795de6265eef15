using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LaionStream.Engine.Download.Dns;

/// <summary>
/// Domain names in wire form (RFC 1035 section 3.1): labels, each preceded by its length, without the terminating zero of the root. One character represents
/// one byte,
/// and letters are in lower case, so that two strings are equal exactly if the names are (RFC 4343).
/// </summary>
internal static class DnsName
{
    private const int MaxBytes = 254; // 255 with the terminating zero of the root
    private const int MaxLabel = 63;
    private const int Pointer = 0xC0;

    /// <summary>Encodes a host name.</summary>
    /// <param name="host">ASCII labels between dots; one dot at the end is allowed.</param>
    /// <param name="name">The wire form.</param>
    /// <returns>False when this is not a domain name: a label is empty or longer than 63 bytes, the name is too long, or a character is not ASCII.</returns>
    public static bool TryEncode(string host, [NotNullWhen(true)] out string? name)
    {
        name = null;
        ReadOnlySpan<char> text = host.EndsWith('.') ? host.AsSpan(0, host.Length - 1) : host;
        if (text.Length is 0 or >= MaxBytes || !Ascii.IsValid(text)) { return false; }
        var wire = new StringBuilder(text.Length + 1);
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> label = text[range];
            if (label.Length is 0 or > MaxLabel) { return false; }
            wire.Append((char)label.Length);
            foreach (char letter in label) { wire.Append(char.ToLowerInvariant(letter)); }
        }

        name = wire.ToString();
        return true;
    }

    /// <summary>Reads a name, compressed or not, and advances past it.</summary>
    /// <param name="message">The whole message: pointers refer to earlier offsets in it (RFC 1035 section 4.1.4).</param>
    /// <param name="at">Offset of the name; on return, the offset after it.</param>
    /// <param name="name">The wire form.</param>
    /// <returns>False when the name is truncated or too long, or a pointer does not point backwards.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, [NotNullWhen(true)] out string? name)
    {
        name = null;
        Span<char> wire = stackalloc char[MaxBytes];
        (int length, int place, int segment, int after) = (0, at, at, -1);
        while ((uint)place < (uint)message.Length)
        {
            int size = message[place++];
            if (size == 0)
            {
                at = after < 0 ? place : after;
                name = wire[..length].ToString();
                return true;
            }

            if (size >= Pointer)
            {
                if (place >= message.Length) { return false; }
                int target = ((size - Pointer) << 8) | message[place++];
                if (target >= segment) { return false; } // each pointer must point further back than the one before it, so there is no loop
                if (after < 0) { after = place; }
                (place, segment) = (target, target);
                continue;
            }

            if (size > MaxLabel || size > message.Length - place || length + 1 + size > MaxBytes) { return false; }
            wire[length++] = (char)size;
            foreach (byte letter in message.Slice(place, size))
            {
                wire[length++] = letter is >= (byte)'A' and <= (byte)'Z' ? (char)(letter | 0x20) : (char)letter;
            }
            place += size;
        }

        return false;
    }
}
