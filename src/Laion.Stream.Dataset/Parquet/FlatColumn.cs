using System.Buffers.Binary;
using Parquet.Meta;
using Parquet.Schema;
using PhysicalType = Parquet.Meta.Type;

namespace LaionStream.Dataset.Parquet;

/// <summary>How the values of a flat column are stored in a file, and what they are converted to.</summary>
internal sealed class FlatColumn
{
    /// <summary>Size of the widest number in bytes.</summary>
    public const int MostBytes = 12;

    private const long JulianDayOfUnixTime = 2_440_588;
    private const long NanosecondsPerTick = 100;

    private readonly System.Type _type;
    private readonly Func<long, long?> _ticks;

    /// <summary>Describes a column.</summary>
    /// <param name="field">The package's description.</param>
    /// <param name="element">The file's description.</param>
    /// <param name="kind">The kind its values are converted to.</param>
    public FlatColumn(DataField field, SchemaElement element, ExtraColumnKind kind)
    {
        (Field, Kind, Physical, _type) = (field, kind, element.Type ?? PhysicalType.BYTE_ARRAY, field.ClrType);
        FixedLength = Physical == PhysicalType.FIXED_LEN_BYTE_ARRAY ? element.TypeLength ?? 0 : null;
        Bytes = Physical switch
        {
            PhysicalType.INT32 or PhysicalType.FLOAT => sizeof(int),
            PhysicalType.INT64 or PhysicalType.DOUBLE => sizeof(long),
            PhysicalType.INT96 => MostBytes,
            _ => 0,
        };
        _ticks = TicksOf(element);
    }

    /// <summary>The package's description.</summary>
    public DataField Field { get; }

    /// <summary>The kind its values are converted to.</summary>
    public ExtraColumnKind Kind { get; }

    /// <summary>Their type in the file.</summary>
    public PhysicalType Physical { get; }

    /// <summary>Size of a number in the file in bytes; 0 when it is not a number.</summary>
    public int Bytes { get; }

    /// <summary>Size of a text in the file in bytes; null when each has its own.</summary>
    public int? FixedLength { get; }

    /// <summary>Whether rows may lack a value.</summary>
    public bool IsNullable => Field.MaxDefinitionLevel > 0;

    /// <summary>Creates the storage for the values of a page.</summary>
    /// <exception cref="InvalidDataException">The physical type does not match the logical type in the file.</exception>
    public PageValues NewValues()
    {
        bool isText = Physical is PhysicalType.BYTE_ARRAY or PhysicalType.FIXED_LEN_BYTE_ARRAY;
        bool fits = isText == (Kind == ExtraColumnKind.Text) && FixedLength is null or >= 0;
        if (!fits) { throw new InvalidDataException($"Column '{Field.Name}' is {Physical}, which its type cannot be."); }
        return isText ? new PageTexts(FixedLength) : new PageNumbers(this);
    }

    /// <summary>A number from its bytes in the file: integers unchanged, fractions as the bits of a double, old times as ticks since 1970.</summary>
    public long FromBytes(ReadOnlySpan<byte> bytes) => Physical switch
    {
        PhysicalType.INT32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        PhysicalType.FLOAT => BitConverter.DoubleToInt64Bits(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        PhysicalType.INT96 => unchecked(((BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(long)..]) - JulianDayOfUnixTime) * TimeSpan.TicksPerDay)
            + (BinaryPrimitives.ReadInt64LittleEndian(bytes) / NanosecondsPerTick)),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    /// <summary>A number converted to <see cref="Kind"/>; null for a time that .NET cannot represent.</summary>
    public object? Box(long value) => Kind switch
    {
        ExtraColumnKind.Boolean => value != 0,
        ExtraColumnKind.Double => BitConverter.Int64BitsToDouble(value),
        ExtraColumnKind.Timestamp => _ticks(value) is { } ticks ? new DateTimeOffset(DateTime.UnixEpoch.Ticks + ticks, TimeSpan.Zero) : null,
        _ => Narrow(value),
    };

    // Small and unsigned numbers are stored in 32 bits, whose upper bits have no meaning.
    private long Narrow(long value) => unchecked(
        _type == typeof(uint) ? (uint)value
        : _type == typeof(ushort) ? (ushort)value
        : _type == typeof(short) ? (short)value
        : _type == typeof(byte) ? (byte)value
        : _type == typeof(sbyte) ? (sbyte)value
        : value);

    private static Func<long, long?> TicksOf(SchemaElement element)
    {
        TimeUnit? unit = element.LogicalType?.TIMESTAMP?.Unit;
        return element.Type switch
        {
            PhysicalType.INT32 => days => Scale(days, TimeSpan.TicksPerDay),
            PhysicalType.INT96 => ticks => Scale(ticks, 1),
            _ when unit?.NANOS is not null => nanoseconds => Scale(nanoseconds / NanosecondsPerTick, 1),
            _ when unit?.MICROS is not null || (unit is null && element.ConvertedType == ConvertedType.TIMESTAMP_MICROS) =>
                microseconds => Scale(microseconds, TimeSpan.TicksPerMicrosecond),
            _ => milliseconds => Scale(milliseconds, TimeSpan.TicksPerMillisecond),
        };
    }

    private static long? Scale(long value, long ticks)
    {
        (long first, long last) = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks);
        return value >= first / ticks && value <= last / ticks ? value * ticks : null;
    }
}
