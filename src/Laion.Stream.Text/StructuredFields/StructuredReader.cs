using System.Buffers;
using System.Text.Unicode;

namespace LaionStream.Text.StructuredFields;

/// <summary>Reads the parts of a structured field (RFC 9651, 4.2) from left to right. After a false the position is undefined.</summary>
internal ref struct StructuredReader(ReadOnlySpan<char> field)
{
    private const int IntegerDigits = 15;
    private const int WholeDigitsOfDecimal = 12;
    private const int FractionDigits = 3;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.*");
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~:/");
    private static readonly SearchValues<char> Base64Characters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=");

    private readonly ReadOnlySpan<char> _field = field;

    /// <summary>Characters read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether all characters are read.</summary>
    public readonly bool IsAtEnd => Position == _field.Length;

    private readonly ReadOnlySpan<char> Rest => _field[Position..];

    /// <summary>The text from a position to here.</summary>
    public readonly string Since(int start) => _field[start..Position].ToString();

    /// <summary>Whether the next character is this one.</summary>
    public readonly bool Sees(char c) => !IsAtEnd && _field[Position] == c;

    /// <summary>Reads this character if it is the next.</summary>
    public bool TryTake(char c)
    {
        if (!Sees(c)) { return false; }
        Position++;
        return true;
    }

    /// <summary>Skips spaces.</summary>
    public void SkipSpaces()
    {
        while (Sees(' ')) { Position++; }
    }

    /// <summary>Skips spaces and tabs.</summary>
    public void SkipBlanks()
    {
        while (Sees(' ') || Sees('\t')) { Position++; }
    }

    /// <summary>Reads a key.</summary>
    public bool TryKey(out ReadOnlySpan<char> key)
    {
        key = TakeWhile(KeyCharacters);
        return key is [(>= 'a' and <= 'z') or '*', ..];
    }

    /// <summary>Reads the parameters behind an item or a list, if there are any.</summary>
    public bool TryParameters()
    {
        while (TryTake(';'))
        {
            SkipSpaces();
            if (!TryKey(out _) || (TryTake('=') && !TryBareItem(out _))) { return false; }
        }

        return true;
    }

    /// <summary>Reads items in parentheses, without the list's own parameters.</summary>
    public bool TryInnerList()
    {
        if (!TryTake('(')) { return false; }
        while (!IsAtEnd)
        {
            SkipSpaces();
            if (TryTake(')')) { return true; }
            if (!TryBareItem(out _) || !TryParameters() || !(Sees(' ') || Sees(')'))) { return false; }
        }

        return false;
    }

    /// <summary>Reads an item without its parameters.</summary>
    public bool TryBareItem(out StructuredKind kind)
    {
        kind = StructuredKind.Token;
        if (IsAtEnd) { return false; }
        char first = _field[Position];
        if (char.IsAsciiLetter(first) || first == '*') { return !TakeWhile(TokenCharacters).IsEmpty; }

        (kind, bool ok) = first switch
        {
            '"' => (StructuredKind.Text, TryText()),
            '?' => (StructuredKind.Boolean, TryBoolean()),
            ':' => (StructuredKind.Bytes, TryBytes()),
            '@' => (StructuredKind.Date, TryTake('@') && TryNumber(mayBeDecimal: false)),
            '%' => (StructuredKind.DisplayText, TryDisplayText()),
            _ => (StructuredKind.Number, TryNumber(mayBeDecimal: true)),
        };
        return ok;
    }

    private ReadOnlySpan<char> TakeWhile(SearchValues<char> characters)
    {
        int length = Rest.IndexOfAnyExcept(characters);
        ReadOnlySpan<char> taken = length < 0 ? Rest : Rest[..length];
        Position += taken.Length;
        return taken;
    }

    private bool TryBoolean() => TryTake('?') && (TryTake('0') || TryTake('1'));

    private bool TryBytes()
    {
        if (!TryTake(':')) { return false; }
        TakeWhile(Base64Characters);
        return TryTake(':');
    }

    private bool TryNumber(bool mayBeDecimal)
    {
        TryTake('-');
        int whole = TakeDigits();
        if (whole == 0 || whole > IntegerDigits) { return false; }
        if (!TryTake('.')) { return true; }
        return mayBeDecimal && whole <= WholeDigitsOfDecimal && TakeDigits() is >= 1 and <= FractionDigits;
    }

    private int TakeDigits()
    {
        int start = Position;
        while (!IsAtEnd && char.IsAsciiDigit(_field[Position])) { Position++; }
        return Position - start;
    }

    private bool TryText()
    {
        Position++;
        while (!IsAtEnd)
        {
            char c = _field[Position++];
            if (c == '"') { return true; }
            if (c is < ' ' or > '~' || (c == '\\' && !TryTake('"') && !TryTake('\\'))) { return false; }
        }

        return false;
    }

    private bool TryDisplayText()
    {
        Position++;
        if (!TryTake('"')) { return false; }
        var utf8 = new List<byte>();
        while (!IsAtEnd)
        {
            char c = _field[Position++];
            if (c == '"') { return Utf8.IsValid([.. utf8]); }
            if (c is < ' ' or > '~') { return false; }
            if (c != '%')
            {
                utf8.Add((byte)c);
                continue;
            }

            if (Rest.Length < 2 || !char.IsAsciiHexDigitLower(Rest[0]) || !char.IsAsciiHexDigitLower(Rest[1])) { return false; }
            utf8.Add((byte)((Digit(Rest[0]) << 4) | Digit(Rest[1])));
            Position += 2;
        }

        return false;
    }

    private static int Digit(char c) => c <= '9' ? c - '0' : c - 'a' + 10;
}
