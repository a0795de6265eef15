using System.Buffers;
using System.Runtime.CompilerServices;

namespace LaionStream.Engine.Inputs.Wat;

/// <summary>
/// Reads UTF-8 JSON (RFC 8259) forward and skips whatever is not requested. It validates the structure that it reads; inside skipped values it checks only
/// strings and nesting. Every method returns false when the text is malformed; none throws.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json, int position)
{
    private static readonly SearchValues<byte> AfterScalar = SearchValues.Create(",}] \t\r\n"u8);

    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>Index of the next byte to read.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Skips white space and one given byte.</summary>
    public bool TryTake(byte expected)
    {
        if (!Sees(expected))
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>Skips the given bytes if they come next.</summary>
    public bool TryTake(ReadOnlySpan<byte> expected)
    {
        if (!_json[Position..].StartsWith(expected))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>Whether a given byte comes next after white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Sees(byte expected)
    {
        SkipBlanks();
        return (uint)Position < (uint)_json.Length && _json[Position] == expected;
    }

    /// <summary>Whether anything but white space is left.</summary>
    public bool HasMore()
    {
        SkipBlanks();
        return Position < _json.Length;
    }

    /// <summary>Reads a string; returns its content without the quotes, escapes unresolved.</summary>
    public bool TryTakeString(out Range inside)
    {
        inside = default;
        if (!TryTake((byte)'"'))
        {
            return false;
        }

        int start = Position;
        if (!SkipStringRest())
        {
            return false;
        }

        inside = start..(Position - 1);
        return true;
    }

    /// <summary>In an object: advances to the next member's value and returns its raw key; false at the end of the object or when malformed.</summary>
    /// <param name="first">Whether the object has just been entered; cleared.</param>
    /// <param name="key">The key, escapes unresolved.</param>
    /// <param name="ended">Whether the object ended with its closing bracket.</param>
    public bool TryNextKey(ref bool first, out ReadOnlySpan<byte> key, out bool ended)
    {
        key = default;
        ended = TryTake((byte)'}');
        if (ended || (!first && !TryTake((byte)',')))
        {
            return false;
        }

        first = false;
        if (!TryTakeString(out Range inside) || !TryTake((byte)':'))
        {
            return false;
        }

        key = _json[inside];
        return true;
    }

    /// <summary>In an array: advances to the next element; false at the end of the array or when malformed.</summary>
    public bool TryNextElement(ref bool first, out bool ended)
    {
        ended = TryTake((byte)']');
        if (ended || (!first && !TryTake((byte)',')))
        {
            return false;
        }

        first = false;
        return true;
    }

    /// <summary>Skips one value of any kind.</summary>
    public bool TrySkipValue()
    {
        SkipBlanks();
        if (Position >= _json.Length)
        {
            return false;
        }

        switch (_json[Position])
        {
            case (byte)'"':
                Position++;
                return SkipStringRest();
            case (byte)'{' or (byte)'[':
                return SkipNested();
            case (byte)',' or (byte)'}' or (byte)']' or (byte)':':
                return false;
            default:
                int end = _json[Position..].IndexOfAny(AfterScalar);
                Position = end < 0 ? _json.Length : Position + end;
                return true;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipBlanks()
    {
        // Common Crawl writes no white space: usually one comparison is enough.
        if ((uint)Position < (uint)_json.Length && _json[Position] <= (byte)' ')
        {
            SkipSeenBlanks();
        }
    }

    private void SkipSeenBlanks()
    {
        while (Position < _json.Length && _json[Position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            Position++;
        }
    }

    private bool SkipStringRest()
    {
        while (true)
        {
            int at = _json[Position..].IndexOfAny((byte)'"', (byte)'\\');
            if (at < 0)
            {
                Position = _json.Length;
                return false;
            }

            Position += at + 1;
            if (_json[Position - 1] == (byte)'"')
            {
                return true;
            }

            if (Position == _json.Length)
            {
                return false;
            }

            Position++; // the escaped character; the digits behind \u are ordinary ones
        }
    }

    private bool SkipNested()
    {
        int length = JsonNesting.LengthOf(_json[Position..]);
        Position = length < 0 ? _json.Length : Position + length;
        return length >= 0;
    }
}
