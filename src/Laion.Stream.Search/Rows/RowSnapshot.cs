namespace LaionStream.Search.Rows;

/// <summary>
/// The rows of an output, or of several (<see cref="RowStores"/>), at one moment. A row's number is its position among the rows of all committed parts, in the order of their commits, whether a part's
/// file is still there, was moved away or replaced: it does not change while an output grows, and none means another row after a removal. Dispose it to let files go that the output no longer has.
/// </summary>
public sealed class RowSnapshot : IDisposable
{
    private readonly RowSpan[] _files;
    private int _isLeft;

    internal RowSnapshot(RowSpan[] files, long version)
    {
        (_files, Version, Rows) = (files, version, files.Sum(file => (long)file.File.Rows));
        foreach (RowSpan file in files) { file.File.Enter(); }
    }

    /// <summary>The files, by the number of their first row.</summary>
    public IReadOnlyList<RowSpan> Files => _files;

    /// <summary>Rows that can be read.</summary>
    public long Rows { get; }

    /// <summary>The number after the last row's.</summary>
    public long End => _files is [.., var last] ? last.First + last.File.Rows : 0;

    /// <summary>Differs from that of every other state of the output.</summary>
    public long Version { get; }

    /// <summary>Finds a row.</summary>
    /// <param name="row">Its number.</param>
    /// <returns>Place of the file in <see cref="Files"/> and the position in it; null when there is no such row.</returns>
    public (int File, int Row)? Find(long row)
    {
        (int low, int high) = (0, _files.Length - 1);
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            RowSpan file = _files[middle];
            if (row < file.First) { high = middle - 1; }
            else if (row >= file.First + file.File.Rows) { low = middle + 1; }
            else { return (middle, (int)(row - file.First)); }
        }

        return null;
    }

    /// <summary>All values of a row.</summary>
    /// <param name="row">Its number.</param>
    /// <returns>Null when there is no such row.</returns>
    /// <exception cref="InvalidDataException">The row's bytes are damaged.</exception>
    public KeyValuePair<string, object?>[]? Read(long row) => Find(row) is var (file, at) ? _files[file].File.Read(at) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) != 0) { return; }
        foreach (RowSpan file in _files) { file.File.Leave(); }
    }

    /// <summary>The rows of several folders, in the order of their places, as those of one.</summary>
    internal static RowSnapshot Join(IReadOnlyList<RowSnapshot> folders, long version) =>
        new([.. folders.SelectMany((folder, place) => folder._files.Select(span => span with { First = RowIds.First(place) + span.First }))], version);

    /// <summary>Another use of the same state.</summary>
    internal RowSnapshot Again() => new(_files, Version);
}
