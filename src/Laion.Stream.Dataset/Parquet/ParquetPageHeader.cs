using Parquet.Meta;

namespace LaionStream.Dataset.Parquet;

/// <summary>Reads a page's header (parquet.thrift, PageHeader, in Thrift's compact protocol).</summary>
internal ref struct ParquetPageHeader(Stream file)
{
    private const int MaxDepth = 16; // a header has three levels
    private const int MostHeaderBytes = 16 << 20; // with the bounds of a page's values in it

    // Memory is allocated by the declared size, before a byte is decompressed. Most writers' pages are of a megabyte; some make one page of a whole row group.

    /// <summary>Maximum decompressed size of a page in bytes.</summary>
    public const int MostBytes = 512 << 20;

    private const int MostValues = 16 << 20;

    // Types of the compact protocol.
    private const int True = 1, False = 2, Byte = 3, Double = 7, Binary = 8, Struct = 12;

    private readonly long _end = Math.Min(file.Length, file.Position + MostHeaderBytes);
    private int _type = -1;
    private int _uncompressed = -1;
    private int _compressed = -1;
    private int _values;
    private int _encoding;
    private int _repetition;
    private int _definition;
    private bool _isPlain;

    /// <summary>Reads the header at the file's position and leaves the file at the page's first byte.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ParquetPage Read(Stream file)
    {
        long start = file.Position;
        var header = new ParquetPageHeader(file);
        header.ReadStruct(ParquetShape.Page, 0);
        long data = file.Position;
        bool isSane = header is { _type: >= 0, _uncompressed: >= 0 and <= MostBytes, _compressed: >= 0, _values: >= 0 and <= MostValues }
            && header is { _repetition: >= 0, _definition: >= 0 };
        return isSane
            ? new ParquetPage(start, data + header._compressed, (PageType)header._type, header._values, (Encoding)header._encoding, header._uncompressed)
            {
                Body = data,
                RepetitionBytes = header._repetition,
                DefinitionBytes = header._definition,
                IsPacked = !header._isPlain,
            }
            : throw new InvalidDataException($"No page begins at {start}, or it claims more than {MostValues} values or {MostBytes} bytes.");
    }

    /// <summary>Reads a struct's fields; keeps those of the header, and the number and encoding of a data page's values.</summary>
    private void ReadStruct(int shape, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException("A page header is nested too deep.");
        }

        int field = 0;
        for (int head = ReadByte(); head != 0; head = ReadByte())
        {
            int step = head >> 4;
            field = step != 0 ? field + step : (short)ReadSigned(); // the protocol's fields are 16 bits wide
            int type = head & 15;
            if (!ParquetShape.Allows(shape, field, type))
            {
                throw new InvalidDataException($"A page header whose field {field} is of type {type}.");
            }

            if (type is > Byte and < Double)
            {
                Keep(shape, field, ReadSigned());
            }
            else
            {
                _isPlain |= shape == 28 && field == 7 && type == False; // data_page_header_v2: is_compressed
                Skip(type, ParquetShape.Inner(shape, field), depth);
            }
        }
    }

    private void Keep(int shape, int field, long value)
    {
        switch (shape, field)
        {
            case (ParquetShape.Page, 1):
                _type = checked((int)value);
                break;
            case (ParquetShape.Page, 2):
                _uncompressed = checked((int)value);
                break;
            case (ParquetShape.Page, 3):
                _compressed = checked((int)value);
                break;
            case (25 or 27 or 28, 1): // data_page_header, dictionary_page_header and data_page_header_v2: num_values
                int values = checked((int)value);
                _values = values < 0 || _values < 0 ? -1 : Math.Max(_values, values); // of a header that has several of them the largest is used
                break;
            case (25, 2) or (28, 4):
                _encoding = checked((int)value);
                break;
            case (28, 5):
                _definition = checked((int)value);
                break;
            case (28, 6):
                _repetition = checked((int)value);
                break;
        }
    }

    private void Skip(int type, int shape, int depth)
    {
        switch (type)
        {
            case True or False:
                break;
            case Byte:
                ReadByte();
                break;
            case > Byte and < Double:
                ReadSigned();
                break;
            case Double:
                SkipBytes(sizeof(double));
                break;
            case Binary:
                SkipBytes((long)ReadVarint());
                break;
            case Struct:
                ReadStruct(shape, depth + 1);
                break;
            default:
                throw new InvalidDataException($"A page header with type {type}."); // no lists, no maps
        }
    }

    private readonly void SkipBytes(long count)
    {
        if (count < 0 || count > _end - file.Position)
        {
            throw new InvalidDataException("A page header runs beyond the file.");
        }

        file.Position += count;
    }

    private readonly int ReadByte() =>
        file.Position < _end && file.ReadByte() is >= 0 and int b ? b : throw new InvalidDataException("A page header runs beyond the file, or has no end.");

    private readonly long ReadSigned()
    {
        ulong raw = ReadVarint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    private readonly ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int b = ReadByte();
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number in a page header has no end.");
    }
}
