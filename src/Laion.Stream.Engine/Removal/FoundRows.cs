using LaionStream.Dataset.Cutting;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Ledger.State;

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
    /// <param name="path">The part's file of rows.</param>
    /// <param name="list">What to look for.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or has no column that the list asks for.</exception>
    public static async Task<FoundRows> InAsync(string path, RemovalList list, CancellationToken abort)
    {
        await using SampleFileReader reader = await SampleFileReader.OpenAsync(path);
        HashSet<string> columns = [.. reader.Columns.Select(column => column.Name)];
        if (!columns.Contains("SAMPLE_ID")) { throw new InvalidDataException($"'{path}' has no SAMPLE_ID, as an output of candidates has none: nothing is removed from such an output."); }

        var found = new FoundRows(await reader.ReadLongsAsync("SAMPLE_ID", abort));
        if (list.HasHashes) { await found.MarkAsync(reader.ReadNumbersAsync("hash", abort), hash => list.HasHash(hash)); }
        if (list.HasAddresses) { await found.MarkAsync(reader.ReadTextsAsync(AddressColumn, abort), list.HasAddress); }
        if (list.HasAddresses && columns.Contains(FinalColumn)) { await found.MarkAsync(reader.ReadTextsAsync(FinalColumn, abort), list.HasAddress); }
        if (list.HasPictures && !columns.Contains(PictureColumn))
        {
            throw new InvalidDataException(
                $"'{path}' has no column md5, for Writing:Digests was without it: name the rows by --hash, --url or --domain. Nothing was removed from it.");
        }

        if (list.HasPictures) { await found.MarkAsync(reader.ReadTextsAsync(PictureColumn, abort), list.HasPicture); }
        if (found.Count == 0) { return found; }

        await found.TakeAsync(reader.ReadTextsAsync(AddressColumn, abort), url => found.Urls.Add(RemovedDigests.OfUrl(url)));
        if (columns.Contains(FinalColumn)) { await found.TakeAsync(reader.ReadTextsAsync(FinalColumn, abort), url => found.Urls.Add(RemovedDigests.OfUrl(url))); }
        string digests = columns.Contains(PictureColumn) ? PictureColumn : OtherPictureColumn;
        found.LacksDigests = !columns.Contains(digests);
        if (!found.LacksDigests) { await found.TakeAsync(reader.ReadTextsAsync(digests, abort), found.Pictures.Add); }
        return found;
    }

    private async Task MarkAsync<T>(IAsyncEnumerable<T> values, Func<T, bool> isListed)
    {
        int row = 0;
        await foreach (T value in values)
        {
            if (isListed(value) && !_found[row])
            {
                _found[row] = true;
                Count++;
            }

            row++;
        }
    }

    private async Task TakeAsync(IAsyncEnumerable<string?> values, Func<string, bool> take)
    {
        int row = 0;
        await foreach (string? value in values)
        {
            if (_found[row++] && value is { Length: > 0 }) { take(value); }
        }
    }
}
