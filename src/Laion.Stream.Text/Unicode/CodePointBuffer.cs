using System.Buffers;
using System.Text;

namespace LaionStream.Text.Unicode;

/// <summary>A growing list of code points: first on the caller's stack, then in a pooled array.</summary>
internal ref struct CodePointBuffer(Span<int> initial)
{
    private Span<int> _items = initial;
    private int[]? _rented;
    private int _count;

    /// <summary>The code points, to be read or changed in place. Valid until the next addition.</summary>
    public readonly Span<int> Items => _items[.._count];

    /// <summary>Number of code points; setting it lower removes the last ones.</summary>
    public int Count
    {
        readonly get => _count;
        set => _count = value;
    }

    /// <summary>Adds one code point.</summary>
    public void Add(int codePoint)
    {
        EnsureCapacity();
        _items[_count++] = codePoint;
    }

    /// <summary>Inserts one code point.</summary>
    public void Insert(int at, int codePoint)
    {
        EnsureCapacity();
        _items[at.._count].CopyTo(_items[(at + 1)..]);
        _items[at] = codePoint;
        _count++;
    }

    /// <summary>Adds the code points of UTF-16 text; unpaired surrogates become U+FFFD.</summary>
    public void Add(scoped ReadOnlySpan<char> text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            Add(rune.Value);
        }
    }

    /// <summary>Returns the pooled array.</summary>
    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            _items = default;
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private void EnsureCapacity()
    {
        if (_count < _items.Length)
        {
            return;
        }

        int[] larger = ArrayPool<int>.Shared.Rent(Math.Max(_count * 2, 16));
        Items.CopyTo(larger);
        if (_rented is { } smaller)
        {
            ArrayPool<int>.Shared.Return(smaller);
        }

        _items = _rented = larger;
    }
}
