using System.Text;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// Reads small CBOR of unknown origin (RFC 8949) into maps with texts as keys, and texts; everything else is skipped. Tags are passed over.
/// </summary>
internal ref struct Cbor
{
    private const int MostDepth = 16;
    private const int MostItems = 10_000;
    private const int MostText = 64 << 10;

    private const int Bytes = 2;
    private const int Text = 3;
    private const int Array = 4;
    private const int Map = 5;
    private const int Tag = 6;
    private const int Simple = 7;

    private BigEndianReader _reader;
    private int _items;
    private bool _isBroken;

    private Cbor(ReadOnlySpan<byte> cbor) => _reader = new BigEndianReader(cbor);

    /// <summary>Reads an item; null when it is damaged, too large, or neither a map nor a text. Of equal keys the last counts.</summary>
    public static object? Read(ReadOnlySpan<byte> cbor)
    {
        var reader = new Cbor(cbor);
        object? item = reader.Item(MostDepth, out _);
        return reader._isBroken || reader._reader.IsBroken ? null : item;
    }

    /// <param name="depth">Levels left.</param>
    /// <param name="isBreak">Whether this was the end of an item without a length.</param>
    private object? Item(int depth, out bool isBreak)
    {
        isBreak = false;
        int head = (int)_reader.Number(1);
        (int kind, int info) = (head >> 5, head & 31);
        if (_reader.IsBroken || depth == 0 || ++_items > MostItems || info is > 27 and < 31) { return Fail(); }

        bool isOpen = info == 31;
        ulong length = info < 24 ? (ulong)info : isOpen ? ulong.MaxValue : _reader.Number(1 << (info - 24));
        switch (kind)
        {
            case Bytes or Text: return Content(kind, length, isOpen);
            case Array: return Members(length, isOpen, depth, into: null);
            case Map: return Members(length, isOpen, depth, new Dictionary<string, object?>(StringComparer.Ordinal));
            case Tag: return isOpen ? Fail() : Item(depth - 1, out _);
            case Simple:
                isBreak = isOpen;
                return null;
            default: return isOpen ? Fail() : null; // a number
        }
    }

    /// <summary>Reads the members of an array, or the keys and values of a map.</summary>
    private object? Members(ulong count, bool isOpen, int depth, Dictionary<string, object?>? into)
    {
        for (ulong i = 0; i < count && !_isBroken && !_reader.IsBroken; i++)
        {
            object? key = Item(depth - 1, out bool isBreak);
            if (isBreak) { return isOpen ? into : Fail(); }
            if (into is null) { continue; }

            object? value = Item(depth - 1, out isBreak);
            if (isBreak) { return Fail(); }
            if (key is string name) { into[name] = value; }
        }

        return into;
    }

    private string? Content(int kind, ulong length, bool isOpen)
    {
        if (!isOpen)
        {
            if (length > (ulong)_reader.Left) { return Fail(); }
            ReadOnlySpan<byte> bytes = _reader.Take((int)length);
            return kind == Text && length <= MostText ? Encoding.UTF8.GetString(bytes) : null;
        }

        var text = new StringBuilder();
        while (!_isBroken && !_reader.IsBroken)
        {
            int head = (int)_reader.Number(1);
            if (head == 0xFF) { return kind == Text ? text.ToString() : null; }
            int info = head & 31;
            if (head >> 5 != kind || info > 27 || ++_items > MostItems) { return Fail(); }
            string? piece = Content(kind, info < 24 ? (ulong)info : _reader.Number(1 << (info - 24)), isOpen: false);
            if (text.Length + (piece?.Length ?? 0) <= MostText) { text.Append(piece); }
        }

        return Fail();
    }

    private string? Fail()
    {
        _isBroken = true;
        return null;
    }
}
