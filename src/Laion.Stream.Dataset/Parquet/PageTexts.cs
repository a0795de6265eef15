using System.Text;
using ValueEncoding = Parquet.Meta.Encoding;

namespace LaionStream.Dataset.Parquet;

/// <summary>The texts of a page or dictionary. Bytes that are not UTF-8 become U+FFFD.</summary>
/// <param name="fixedLength">Size of every text in bytes; null when each has its own.</param>
internal sealed class PageTexts(int? fixedLength) : PageValues
{
    private const int LeastChars = 1 << 14;
    private const int UsualMostChars = 1 << 23;

    private ReadOnlyMemory<char>[] _values = [];
    private char[] _chars = []; // the block being filled; earlier ones live as long as the values in them
    private int _used;
    private long _bytes;
    private long[] _lengths = [];
    private long[] _shared = [];
    private byte[] _last = [];

    /// <summary>A text; valid until the next page is read.</summary>
    public ReadOnlyMemory<char> this[int place] => _values[place];

    /// <inheritdoc/>
    public override object? Box(int place) => _values[place].ToString();

    /// <inheritdoc/>
    public override void Read(ref PageBytes bytes, ValueEncoding encoding, int count)
    {
        (_used, _bytes) = (0, 0);
        switch (encoding)
        {
            case ValueEncoding.PLAIN:
                ReadPlain(ref bytes, count);
                break;
            case ValueEncoding.DELTA_LENGTH_BYTE_ARRAY:
                ReadLengths(ref bytes, ref _lengths, count);
                Grow(ref _values, count);
                for (int i = 0; i < count; i++) { _values[i] = Keep(bytes.Take(_lengths[i])); }
                break;
            case ValueEncoding.DELTA_BYTE_ARRAY:
                ReadSuffixes(ref bytes, count);
                break;
            default:
                throw NotSupported(encoding);
        }
    }

    private void ReadPlain(ref PageBytes bytes, int count)
    {
        if ((long)count * (fixedLength ?? sizeof(int)) > bytes.Length) { throw PageBytes.Damaged("ends too early"); } // before memory is allocated for them
        Grow(ref _values, count);
        for (int i = 0; i < count; i++) { _values[i] = Keep(bytes.Take(fixedLength ?? bytes.ReadInt32())); }
    }

    private void ReadSuffixes(ref PageBytes bytes, int count)
    {
        ReadLengths(ref bytes, ref _shared, count);
        ReadLengths(ref bytes, ref _lengths, count);
        Grow(ref _values, count);
        int last = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> suffix = bytes.Take(_lengths[i]);
            if (_shared[i] < 0 || _shared[i] > last) { throw PageBytes.Damaged("shares bytes that it does not have"); }
            int shared = (int)_shared[i];
            last = checked(shared + suffix.Length);
            if (_last.Length < last) { Array.Resize(ref _last, Math.Max(last, _last.Length * 2)); }
            suffix.CopyTo(_last.AsSpan(shared));
            _values[i] = Keep(_last.AsSpan(0, last));
        }
    }

    private static void ReadLengths(ref PageBytes bytes, ref long[] into, int count)
    {
        Grow(ref into, count);
        DeltaNumbers.Read(ref bytes, into.AsSpan(0, count));
    }

    private ReadOnlyMemory<char> Keep(ReadOnlySpan<byte> text)
    {
        // Texts that share prefixes may need far more bytes than their page.
        _bytes += text.Length;
        if (_bytes > ParquetPageHeader.MostBytes) { throw PageBytes.Damaged($"has texts of more than {ParquetPageHeader.MostBytes} bytes"); }
        if (_chars.Length - _used < text.Length) // a byte becomes one character at most
        {
            _chars = new char[Math.Max(text.Length, (int)Math.Clamp(_chars.Length * 2L, LeastChars, UsualMostChars))];
            _used = 0;
        }

        ReadOnlyMemory<char> kept = _chars.AsMemory(_used, Encoding.UTF8.GetChars(text, _chars.AsSpan(_used)));
        _used += kept.Length;
        return kept;
    }
}
