using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;
using LaionStream.Explorer.Queries;
using LaionStream.Explorer.Settings;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Pictures;

/// <summary>
/// Thumbnails of rows: of the stored picture, else of the one that the row's address has now, fetched under the rules of a run. Kept in memory, with the
/// failures, so that a page of dead addresses does not ask for them again and again. Safe to use from several threads.
/// </summary>
/// <param name="data">The output.</param>
/// <param name="abilities">Makes thumbnails, and fetches pictures.</param>
/// <param name="options">The limits.</param>
internal sealed class Thumbnails(ExplorerData data, ExplorerAbilities abilities, ExplorerOptions options)
{
    private static readonly int[] Sides = [128, 256, 512, 1024];

    private readonly StoredPictures _stored = new();
    private readonly Known<(long Row, long Commit, int Side), byte[]> _known = new(options.ThumbnailBytes, bytes => bytes.Length + 256L);
    private readonly SemaphoreSlim _making = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly SemaphoreSlim _fetching = new(24); // each holds a picture's file until its thumbnail is made

    /// <summary>Makes a thumbnail.</summary>
    /// <param name="row">The row's number.</param>
    /// <param name="side">Most pixels of the longer side; the next larger of 128, 256, 512 and 1024 is taken.</param>
    /// <param name="abort">Ends the work.</param>
    /// <returns>A JPEG.</returns>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<byte[]> OfAsync(long row, int side, CancellationToken abort)
    {
        if (side is < 16 or > 1024) { throw ApiException.Bad("A size from 16 to 1024 is wanted.", "size"); }
        side = Sides.First(one => one >= side);
        using RowSnapshot rows = data.Rows.Acquire();
        if (rows.Find(row) is not var (place, at)) { throw ApiException.Missing("There is no such row."); }
        RowSpan span = rows.Files[place];
        (long, long, int) key = (row, span.File.Commit, side);
        if (!_known.TryGet(key, out byte[] thumbnail)) { thumbnail = _known.Keep(key, await MakeAsync(span, at, side, abort)); }
        return thumbnail.Length > 0 ? thumbnail : throw ApiException.Missing("This row's picture is not stored, and cannot be fetched.");
    }

    private async Task<byte[]> MakeAsync(RowSpan span, int at, int side, CancellationToken abort)
    {
        if (abilities.Thumbnails is not { } maker) { return []; }
        return await OfStoredAsync(maker, span, at, side, abort) ?? await OfFetchedAsync(maker, span, at, side, abort) ?? [];
    }

    /// <summary>Reads the picture only when it can be decoded at once: requests that wait hold no files.</summary>
    private async Task<byte[]?> OfStoredAsync(IThumbnailMaker maker, RowSpan span, int at, int side, CancellationToken abort)
    {
        await _making.WaitAsync(abort);
        try
        {
            byte[]? stored = await Task.Run(() => _stored.Read(span, at, abort), abort);
            return stored is null ? null : await maker.MakeAsync(stored, side, abort);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null; // moved away, damaged or not to be decoded: the address may still have it
        }
        finally
        {
            _making.Release();
        }
    }

    private async Task<byte[]?> OfFetchedAsync(IThumbnailMaker maker, RowSpan span, int at, int side, CancellationToken abort)
    {
        if (!options.Fetch || abilities.Fetch is not { } fetch || RowViews.TextOf(span.File, span.File.Read(at), RowMeaning.Url) is not { } url) { return null; }
        await _fetching.WaitAsync(abort);
        try
        {
            (byte[]? fetched, _) = await fetch.FetchAsync(url, abort);
            if (fetched is null) { return null; }

            await _making.WaitAsync(abort);
            try
            {
                return await maker.MakeAsync(fetched, side, abort);
            }
            catch (InvalidDataException)
            {
                return null; // it does not decode, and will not another time
            }
            finally
            {
                _making.Release();
            }
        }
        finally
        {
            _fetching.Release();
        }
    }
}
