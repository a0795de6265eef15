using System.Globalization;

namespace LaionStream.Dataset.Parquet;

/// <summary>Column buffers of rows that were read from other files: names and types are given, every column may have nulls.</summary>
public sealed class AnyColumns : RowColumns<IReadOnlyList<object?>>
{
    /// <summary>Creates empty columns.</summary>
    /// <param name="columns">
    /// Names and types: <see cref="string"/>, <see cref="long"/>, <see cref="int"/>, <see cref="double"/>, <see cref="float"/>, <see cref="bool"/> or
    /// <see cref="DateTime"/> (UTC). A row has a value of the type, or null, for each.
    /// </param>
    /// <exception cref="ArgumentException">A type is another one.</exception>
    public AnyColumns(IReadOnlyList<SampleFileColumn> columns)
    {
        for (int i = 0; i < columns.Count; i++) { Append(columns[i], i); }
    }

    private void Append(SampleFileColumn column, int place)
    {
        switch (column.Type)
        {
            case var type when type == typeof(string): Text(column.Name, row => row[place] as string, isNullable: true); break;
            case var type when type == typeof(long): Value(column.Name, row => row[place] is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : (long?)null); break;
            case var type when type == typeof(int): Value(column.Name, row => row[place] as int?); break;
            case var type when type == typeof(double): Value(column.Name, row => row[place] as double?); break;
            case var type when type == typeof(float): Value(column.Name, row => row[place] as float?); break;
            case var type when type == typeof(bool): Value(column.Name, row => row[place] as bool?); break;
            case var type when type == typeof(DateTime):
                Append(new ValueColumn<DateTime>(SampleSchema.Timestamp(column.Name, isNullable: true)), (to, row) => to.Add(row[place] as DateTime?));
                break;
            default: throw new ArgumentException($"Column {column.Name} is of type {column.Type}, which is not written.", nameof(column));
        }
    }
}
