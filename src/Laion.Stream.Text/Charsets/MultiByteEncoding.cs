using System.Text;

namespace LaionStream.Text.Charsets;

/// <summary>ASCII, and characters of several bytes that an index maps; no state is kept from one character to the next.</summary>
internal abstract class MultiByteEncoding(string name) : PageEncoding(name)
{
    /// <summary>In place of a code point: the bytes are not a character.</summary>
    protected const int Error = -1;

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            int plain = bytes.IndexOfAnyExceptInRange((byte)0, (byte)127);
            plain = plain < 0 ? bytes.Length : plain;
            text.Append(Encoding.Latin1.GetString(bytes[..plain]));
            bytes = bytes[plain..];
            if (!bytes.IsEmpty)
            {
                int used = Take(bytes, out int point);
                Append(text, point);
                bytes = bytes[used..];
            }
        }

        return text.ToString();
    }

    /// <summary>Decodes one character.</summary>
    /// <param name="bytes">Start with a byte beyond ASCII.</param>
    /// <param name="point">The code point, or <see cref="Error"/>.</param>
    /// <returns>Bytes that it takes up. An ASCII byte that ends a broken character is not counted: it is a character of its own.</returns>
    protected abstract int Take(ReadOnlySpan<byte> bytes, out int point);

    /// <summary>Appends what was read.</summary>
    protected virtual void Append(StringBuilder text, int point)
    {
        if (point == Error)
        {
            text.Append('\uFFFD');
        }
        else if (point < 0x10000)
        {
            text.Append((char)point);
        }
        else
        {
            text.Append(new Rune(point).ToString());
        }
    }

    /// <summary>Completes a two-byte character.</summary>
    /// <param name="index">Code points; 0 where there is none.</param>
    /// <param name="pointer">Place in the index; −1 when the second byte is not valid.</param>
    /// <param name="second">The second byte.</param>
    /// <param name="point">The code point, or <see cref="Error"/>.</param>
    protected static int TakeTwo(int[] index, int pointer, byte second, out int point)
    {
        point = pointer >= 0 && pointer < index.Length && index[pointer] != 0 ? index[pointer] : Error;
        return point == Error && second < 0x80 ? 1 : 2;
    }
}
