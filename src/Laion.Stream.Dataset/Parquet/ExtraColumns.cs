namespace LaionStream.Dataset.Parquet;

/// <summary>A list's other columns in a file being written.</summary>
internal sealed class ExtraColumns
{
    private readonly (Column Column, Action<object?> Add)[] _columns;

    /// <summary>Creates the columns.</summary>
    public ExtraColumns(IReadOnlyList<ExtraColumn> columns) => _columns = [.. columns.Select(Make)];

    /// <summary>The columns, in order.</summary>
    public IEnumerable<Column> All => _columns.Select(pair => pair.Column);

    /// <summary>Adds a row's values.</summary>
    /// <param name="values">One value per column; null for a row without any, such as a link of a page beside lists.</param>
    /// <exception cref="ArgumentException">Their number differs from the columns'.</exception>
    public void Add(IReadOnlyList<object?>? values)
    {
        if (values is not null && values.Count != _columns.Length)
        {
            throw new ArgumentException($"A row has {values.Count} extra values, the file {_columns.Length} extra columns.", nameof(values));
        }

        for (int i = 0; i < _columns.Length; i++) { _columns[i].Add(values?[i]); }
    }

    private static (Column, Action<object?>) Make(ExtraColumn column)
    {
        switch (column.Kind)
        {
            case ExtraColumnKind.Text:
                var text = new TextColumn(column.Name, isNullable: true);
                return (text, value => text.Add((string?)value));
            case ExtraColumnKind.Int64:
                var whole = new ValueColumn<long>(column.Name, isNullable: true);
                return (whole, value => whole.Add((long?)value));
            case ExtraColumnKind.Double:
                var real = new ValueColumn<double>(column.Name, isNullable: true);
                return (real, value => real.Add((double?)value));
            case ExtraColumnKind.Boolean:
                var flag = new ValueColumn<bool>(column.Name, isNullable: true);
                return (flag, value => flag.Add((bool?)value));
            case ExtraColumnKind.Timestamp:
                var time = new ValueColumn<DateTime>(SampleSchema.Timestamp(column.Name, isNullable: true));
                return (time, value => time.Add(((DateTimeOffset?)value)?.UtcDateTime));
            default:
                throw new ArgumentOutOfRangeException(nameof(column), column.Kind, "Unknown kind of column.");
        }
    }
}
