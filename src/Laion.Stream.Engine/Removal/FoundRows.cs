using LaionStream.Dataset.Cutting;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Removal;

namespace LaionStream.Engine.Removal;

/// <summary>The rows of a part that a list asks to remove.</summary>
internal sealed class FoundRows
{
    private const string AddressColumn = "URL";
    private const string FinalColumn = "final_url";
    private const string PictureColumn = "md5";
    private const string OtherPictureColumn = "sha256"; // block lists take it too

    private readonly bool[] _found;
    private readonly long[] _ids;

    private FoundRows(long[] ids)
    {
        _ids = ids;
        _found = new bool[ids.Length];
    }

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Rows of the part that stay.</summary>
    public long Left => _ids.Length - Count;

    /// <summary>Their places in the part, ascending.</summary>
    public int[] Positions => [.. Enumerable.Range(0, _found.Length).Where(row => _found[row])];

    /// <summary>Digests of their hashes.</summary>
    public HashSet<string> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary>SHA-256 of their addresses, and of those where redirects ended.</summary>
    public HashSet<string> Urls { get; } = new(StringComparer.Ordinal);

    /// <summary>MD5 of their pictures, or SHA-256 where the part has no MD5.</summary>
    public HashSet<string> Pictures { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the part has neither: then nothing can keep the same pictures from coming back under other addresses.</summary>
    public bool LacksDigests { get; private set; }

    /// <summary>The rows that stay, for the files of the part.</summary>
    public RowFilter Filter() => new(row => !_found[row], Left);

    /// <summary>The rows found, or those that stay, by input file.</summary>
    public IReadOnlyDictionary<int, string> ByFile(bool found) => Enumerable.Range(0, _ids.Length).Where(row => _found[row] == found)
        .GroupBy(row => (int)(_ids[row] >> 32), row => (int)_ids[row])
        .ToDictionary(file => file.Key, file => RowRanges.Format([.. file.Order()]));

    /// <summary>Looks for them.</summary>
    /// <param name="path">The part's file of rows, kept or dropped.</param>
    /// <param name="list">What to look for.</param>
    /// <param name="chosen">Places of rows to remove besides; null for none.</param>
    /// <param name="removed">What was removed before: dropped rows with the same address go too. Null for kept rows, which the list alone decides on.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or has no column that the list asks for.</exception>
    public static async Task<FoundRows> InAsync(string path, RemovalList list, IReadOnlySet<int>? chosen, RemovedSet? removed, CancellationToken abort)
    {
        await using SampleFileReader reader = await SampleFileReader.OpenAsync(path);
        HashSet<string> columns = [.. reader.Columns.Select(column => column.Name)];
        if (!columns.Contains("SAMPLE_ID"))
        {
            throw new InvalidDataException($"'{path}' has no SAMPLE_ID, as an output of candidates has none: nothing is removed from such an output.");
        }

        var found = new FoundRows(await reader.ReadLongsAsync("SAMPLE_ID", abort));
        foreach (int row in (chosen ?? new HashSet<int>()).Where(row => row < found._ids.Length)) { found.Mark(row); }
        bool isDropped = removed is not null;
        if (list.HasHashes || isDropped)
        {
            await found.MarkAsync(reader.ReadNumbersAsync("hash", abort), hash => list.HasHash(hash)
                || (hash is { } number && removed?.HasRow(number) == true));
        }
        foreach (string column in new[] { AddressColumn, FinalColumn }.Where(columns.Contains))
        {
            if (list.HasAddresses || isDropped)
            {
                await found.MarkAsync(reader.ReadTextsAsync(column, abort), url => list.HasAddress(url) || removed?.HasUrl(url) == true);
            }
        }

        if (list.HasPictures && !isDropped && !columns.Contains(PictureColumn))
        {
            throw new InvalidDataException(
                $"'{path}' has no column md5, for Writing:Digests was without it: name the rows by --hash, --url or --domain. Nothing was removed from it.");
        }

        foreach (string column in new[] { PictureColumn, OtherPictureColumn }.Where(columns.Contains))
        {
            if (list.HasPictures || isDropped)
            {
                await found.MarkAsync(reader.ReadTextsAsync(column, abort), digest => list.HasPicture(digest) || removed?.HasPicture(digest) == true);
            }
        }

        if (found.Count > 0) { await found.DigestAsync(reader, columns, abort); }
        return found;
    }

    private async Task DigestAsync(SampleFileReader reader, HashSet<string> columns, CancellationToken abort)
    {
        await TakeAsync(reader.ReadNumbersAsync("hash", abort), hash => Rows.Add(RemovedDigests.OfRow(hash!.Value)), hash => hash is not null);
        foreach (string column in new[] { AddressColumn, FinalColumn }.Where(columns.Contains))
        {
            await TakeAsync(reader.ReadTextsAsync(column, abort), url => Urls.Add(RemovedDigests.OfUrl(url!)), url => url is { Length: > 0 });
        }

        string digests = columns.Contains(PictureColumn) ? PictureColumn : OtherPictureColumn;
        LacksDigests = !columns.Contains(digests);
        if (!LacksDigests) { await TakeAsync(reader.ReadTextsAsync(digests, abort), digest => Pictures.Add(digest!), digest => digest is { Length: > 0 }); }
    }

    private async Task MarkAsync<T>(IAsyncEnumerable<T> values, Func<T, bool> isListed)
    {
        int row = 0;
        await foreach (T value in values)
        {
            if (!_found[row] && isListed(value)) { Mark(row); }
            row++;
        }
    }

    private void Mark(int row)
    {
        _found[row] = true;
        Count++;
    }

    private async Task TakeAsync<T>(IAsyncEnumerable<T> values, Action<T> take, Func<T, bool> isThere)
    {
        int row = 0;
        await foreach (T value in values)
        {
            if (_found[row++] && isThere(value)) { take(value); }
        }
    }
}
