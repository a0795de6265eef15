using System.Globalization;
using LaionStream.Dataset.Manifest;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;
using LaionStream.Explorer.Pictures;
using LaionStream.Explorer.Queries;
using LaionStream.Search.Rows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LaionStream.Explorer.Api;

/// <summary><c>/api/v1</c>: rows, searches and counts.</summary>
internal sealed class ExplorerApi(ExplorerData data, ExplorerAbilities abilities, Searcher searcher, Facets facets, Thumbnails thumbnails, TimeProvider clock)
{
    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/v1");
        api.MapGet("/info", IResult () => TypedResults.Json(Info(), ApiJson.Default.InfoAnswer))
            .Produces<InfoAnswer>().WithSummary("What this service serves and can do.");
        api.MapPost("/search", (Delegate)SearchAsync)
            .Accepts<SearchRequest>("application/json").Produces<SearchAnswer>().Produces<ErrorBody>(400)
            .WithSummary("Searches by text, picture, address, row or vector, alone or combined; without a query lists rows in their order.");
        api.MapPost("/facets", (Delegate)FacetsAsync)
            .Accepts<FacetsRequest>("application/json").Produces<FacetsAnswer>().Produces<ErrorBody>(400)
                .WithSummary("Counts the rows that a filter lets pass, by value and by score.");
        api.MapGet("/rows/{id}", IResult (string id) => TypedResults.Json(Row(id), QueriesJson.Default.RowDetail))
            .Produces<RowDetail>().Produces<ErrorBody>(404).WithSummary("All that is known of a row.");
        api.MapGet("/rows/{id}/similar", SimilarAsync)
            .Produces<SearchAnswer>().Produces<ErrorBody>(404).WithSummary("The rows that look most like a row.");
        api.MapGet("/rows/{id}/thumbnail", ThumbnailAsync)
            .Produces(200, contentType: "image/jpeg").Produces<ErrorBody>(404).WithSummary("A row's picture, small.");
    }

    /// <summary>A whole number of an address's query.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    internal static int? NumberOf(HttpContext context, string name)
    {
        string text = context.Request.Query[name].ToString();
        if (text.Length == 0) { return null; }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw ApiException.Bad("A whole number is wanted.", name);
    }

    private InfoAnswer Info()
    {
        using RowSnapshot rows = data.Rows.Acquire();
        RowFile[] files = [.. rows.Files.Select(span => span.File)];
        IReadOnlyList<IVectors> vectors = data.Vectors;
        bool canEmbed = abilities.Models is { } models && vectors.Any(index => index.Dimensions == models.Width);
        return new InfoAnswer(
            typeof(ExplorerApi).Assembly.GetName().Version?.ToString(3) ?? "0",
            data.Name,
            rows.Rows,
            [.. vectors.Select(index => new IndexInfo(index.Name, index.Count, index.Dimensions))],
            [.. files.SelectMany(file => file.Columns).DistinctBy(column => column.Name)],
            [.. files.SelectMany(file => file.Scores).Distinct(StringComparer.Ordinal)],
            [.. files.SelectMany(file => Enumerable.Range(0, file.Texts(RowText.Set).Count).Select(place => file.Texts(RowText.Set)[place]).ToArray())
                .Distinct(StringComparer.Ordinal)],
            canEmbed,
            canEmbed,
            abilities.Fetch is not null,
            data.HasPictures,
            data.Folders.Any(folder => RunFiles.IsRunning(folder.Summary, clock.GetUtcNow())),
            [.. data.Folders.Select((folder, place) => InfoOf(folder, place, rows))]);
    }

    private static FolderInfo InfoOf(ServedFolder folder, int place, RowSnapshot rows) => new(
        folder.Name, RowIds.First(place), rows.Files.Where(span => RowIds.FolderOf(span.First) == place).Sum(span => (long)span.File.Rows), folder.Pictures.Count,
        folder.Captions.Count, folder.IsReadable);

    private async Task<IResult> SearchAsync(HttpContext context)
    {
        SearchRequest request = RequestBody.Parse(context, QueriesJson.Default.SearchRequest);
        return TypedResults.Json(await searcher.SearchAsync(request, RequestDeadline.Of(context)), QueriesJson.Default.SearchAnswer);
    }

    private async Task<IResult> FacetsAsync(HttpContext context)
    {
        FacetsRequest request = RequestBody.Parse(context, QueriesJson.Default.FacetsRequest);
        return TypedResults.Json(await facets.OfAsync(request.Filter, request.Safe, RequestDeadline.Of(context)), QueriesJson.Default.FacetsAnswer);
    }

    private async Task<IResult> SimilarAsync(HttpContext context, string id)
    {
        string safe = context.Request.Query["safe"].ToString();
        SearchAnswer answer = await searcher.SimilarAsync(
            RowViews.IdOf(id), NumberOf(context, "limit") ?? 24, safe.Length == 0 ? null : safe, RequestDeadline.Of(context));
        return TypedResults.Json(answer, QueriesJson.Default.SearchAnswer);
    }

    private async Task<IResult> ThumbnailAsync(HttpContext context, string id)
    {
        byte[] jpeg = await thumbnails.OfAsync(RowViews.IdOf(id), NumberOf(context, "size") ?? 256, RequestDeadline.Of(context));
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Bytes(jpeg, "image/jpeg");
    }

    private RowDetail Row(string id)
    {
        long row = RowViews.IdOf(id);
        using RowSnapshot rows = data.Rows.Acquire();
        if (rows.Find(row) is not var (place, at) || RowViews.Of(rows, row, null) is not { } answer) { throw ApiException.Missing("There is no such row."); }

        RowFile file = rows.Files[place].File;
        return new RowDetail(answer)
        {
            Columns = RowViews.ColumnsOf(file, at),
            Why = RowViews.Why(data.FolderOf(row).Summary?.Thresholds ?? new Dictionary<string, double>(), answer),
            Folder = data.FolderOf(row).Name,
            Part = rows.Files[place].Part.Entry.FileOf(FileRole.Rows)!.Path,
            Position = at,
        };
    }
}
