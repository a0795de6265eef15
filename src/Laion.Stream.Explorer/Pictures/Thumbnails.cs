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
    private readonly SemaphoreSlim _fetching = new(24);

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
        if (await StoredAsync(span, at, abort) is { } stored && await TryMakeAsync(maker, stored, side, abort) is { } thumbnail) { return thumbnail; }
        return await FetchedAsync(span, at, abort) is { } fetched ? await TryMakeAsync(maker, fetched, side, abort) ?? [] : [];
    }

    private async Task<byte[]?> StoredAsync(RowSpan span, int at, CancellationToken abort)
    {
        try
        {
            return await Task.Run(() => _stored.Read(span, at, abort), abort);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null; // moved away or damaged: the address may still have it
        }
    }

    private async Task<byte[]?> FetchedAsync(RowSpan span, int at, CancellationToken abort)
    {
        if (!options.Fetch || abilities.Fetch is not { } fetch || RowViews.TextOf(span.File, span.File.Read(at), RowMeaning.Url) is not { } url) { return null; }
        await _fetching.WaitAsync(abort);
        try
        {
            return (await fetch.FetchAsync(url, abort)).Bytes;
        }
        finally
        {
            _fetching.Release();
        }
    }

    private async Task<byte[]?> TryMakeAsync(IThumbnailMaker maker, byte[] picture, int side, CancellationToken abort)
    {
        await _making.WaitAsync(abort);
        try
        {
            return await maker.MakeAsync(picture, side, abort);
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
}
