using System.Buffers;

namespace LaionStream.Text.Unicode;

/// <summary>A growing buffer of UTF-16 units: first on the caller's stack, then in an array of the shared pool.</summary>
internal ref struct CharBuffer(Span<char> start)
{
    private Span<char> _units = start;
    private char[]? _rented;

    /// <summary>Units written.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written so far; valid until the next append.</summary>
    public readonly ReadOnlySpan<char> Written => _units[..Length];

    public void Append(char unit)
    {
        if (Length == _units.Length)
        {
            Grow(1);
        }

        _units[Length++] = unit;
    }

    public void Append(scoped ReadOnlySpan<char> text)
    {
        if (text.Length > _units.Length - Length)
        {
            Grow(text.Length);
        }

        text.CopyTo(_units[Length..]);
        Length += text.Length;
    }

    /// <summary>Appends one code point; a surrogate is written as one unit.</summary>
    public void AppendCodePoint(int codePoint)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint);
            return;
        }

        Append((char)(0xD7C0 + (codePoint >> 10)));
        Append((char)(0xDC00 | (codePoint & 0x3FF)));
    }

    /// <summary>The text written; <paramref name="original"/> itself when it is equal.</summary>
    public readonly string ToString(string original) => Written.SequenceEqual(original) ? original : new string(Written);

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<char>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private void Grow(int more)
    {
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(_units.Length * 2, Length + more));
        Written.CopyTo(larger);
        Dispose();
        _units = _rented = larger;
    }
}
