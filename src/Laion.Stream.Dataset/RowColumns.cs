namespace LaionStream.Dataset;

/// <summary>Column buffers of a kind of part file. Some tens of MB once filled: reuse them from file to file.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
public abstract class RowColumns<TRow>
{
    private protected RowColumns()
    {
    }

    /// <summary>All columns, in the file's order.</summary>
    internal abstract IEnumerable<Column> All { get; }

    /// <summary>Adds a row's values.</summary>
    internal abstract void Add(TRow row);

    /// <summary>Forgets what an unfinished file left behind.</summary>
    internal void Clear()
    {
        foreach (Column column in All) { column.Clear(); }
    }
}
