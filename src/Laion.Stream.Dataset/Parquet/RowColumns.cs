namespace LaionStream.Dataset.Parquet;

/// <summary>Column buffers of a kind of part file. Some tens of MB when filled: reuse them for further files.</summary>
/// <typeparam name="TRow">The type of the rows.</typeparam>
public abstract class RowColumns<TRow>
{
    private readonly List<Column> _columns = [];
    private readonly List<Action<TRow>> _adders = [];

    private protected RowColumns()
    {
    }

    /// <summary>All columns, in the file's order.</summary>
    internal IReadOnlyList<Column> All => _columns;

    /// <summary>Adds a row's values.</summary>
    internal void Add(TRow row)
    {
        foreach (Action<TRow> add in _adders) { add(row); }
    }

    /// <summary>Clears what an unfinished file left.</summary>
    internal void Clear()
    {
        foreach (Column column in _columns) { column.Clear(); }
    }

    /// <summary>Appends a column of fixed-size values.</summary>
    private protected void Value<T>(string name, Func<TRow, T> value) where T : struct =>
        Append(new ValueColumn<T>(name, isNullable: false), (column, row) => column.Add(value(row)));

    /// <summary>Appends a column of fixed-size values that may be null.</summary>
    private protected void Value<T>(string name, Func<TRow, T?> value) where T : struct =>
        Append(new ValueColumn<T>(name, isNullable: true), (column, row) => column.Add(value(row)));

    /// <summary>Appends a column of text that differs from row to row.</summary>
    private protected void Text(string name, Func<TRow, string?> value, bool isNullable = false) =>
        Append(new TextColumn(name, isNullable), (column, row) => column.Add(value(row)));

    /// <summary>Appends a column of text that repeats from row to row.</summary>
    private protected void RepeatedText(string name, Func<TRow, string?> value, bool isNullable = false) =>
        Append(new RepeatedTextColumn(name, isNullable), (column, row) => column.Add(value(row)));

    /// <summary>Appends a column and the function that adds a row's value to it.</summary>
    private protected void Append<TColumn>(TColumn column, Action<TColumn, TRow> add) where TColumn : Column
    {
        _columns.Add(column);
        _adders.Add(row => add(column, row));
    }

    /// <summary>Appends a list's other columns.</summary>
    private protected void Append(IReadOnlyList<ExtraColumn>? extras, Func<TRow, IReadOnlyList<object?>?> values)
    {
        var columns = new ExtraColumns(extras ?? []);
        _columns.AddRange(columns.All);
        _adders.Add(row => columns.Add(values(row)));
    }
}
