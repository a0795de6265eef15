using System.Buffers;

namespace LaionStream.Text.Unicode;

/// <summary>A growing text: first on the caller's stack, then in a pooled array, so that a refused URL leaves no garbage to collect.</summary>
internal ref struct UrlBuffer(Span<char> initial)
{
    private Span<char> _chars = initial;
    private char[]? _rented;
    private int _length;

    /// <summary>Characters written; setting it lower removes the last ones.</summary>
    public int Length
    {
        readonly get => _length;
        set => _length = value;
    }

    /// <summary>What was written. Valid until the next append.</summary>
    public readonly ReadOnlySpan<char> Written => _chars[.._length];

    /// <summary>The written characters, which may be changed in place.</summary>
    public readonly Span<char> Mutable => _chars[.._length];

    /// <summary>Appends one UTF-16 unit.</summary>
    public void Append(char c)
    {
        if (_length == _chars.Length)
        {
            Grow(1);
        }

        _chars[_length++] = c;
    }

    /// <summary>Appends text; it must not be a part of this buffer.</summary>
    public void Append(scoped ReadOnlySpan<char> text)
    {
        if (text.Length > _chars.Length - _length)
        {
            Grow(text.Length);
        }

        text.CopyTo(_chars[_length..]);
        _length += text.Length;
    }

    /// <summary>Appends a code point as one or two UTF-16 units.</summary>
    public void AppendScalar(int codePoint)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint);
            return;
        }

        Append((char)(0xD7C0 + (codePoint >> 10)));
        Append((char)(0xDC00 + (codePoint & 0x3FF)));
    }

    /// <summary>Appends a number in decimal digits.</summary>
    public void AppendDecimal(uint value)
    {
        Span<char> digits = stackalloc char[10];
        value.TryFormat(digits, out int written, provider: System.Globalization.CultureInfo.InvariantCulture);
        Append(digits[..written]);
    }

    /// <summary>Returns the pooled array.</summary>
    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            _chars = default;
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private void Grow(int needed)
    {
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(_length + needed, _chars.Length * 2));
        _chars[.._length].CopyTo(larger);
        if (_rented is { } smaller)
        {
            ArrayPool<char>.Shared.Return(smaller);
        }

        _chars = _rented = larger;
    }
}
