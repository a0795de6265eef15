using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;
using LaionStream.Explorer.Queries;
using LaionStream.Explorer.Settings;
using LaionStream.Search.Rows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LaionStream.Explorer.Exports;

/// <summary><c>/api/v1/export</c>: rows as a file.</summary>
internal sealed class ExportApi(ExplorerData data, Searcher searcher, ExplorerOptions options)
{
    private static readonly string[] Formats = ["parquet", "csv", "jsonl", "urls"];

    private readonly SemaphoreSlim _places = new(2); // an export holds a core for seconds

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/export", (Delegate)ExportAsync)
            .Accepts<ExportRequest>("application/json").Produces(200, contentType: "application/octet-stream").Produces<ErrorBody>(400)
            .WithSummary("Rows as a Parquet, CSV, JSON lines or address file.");
        routes.MapPost("/api/v1/export/command", (Delegate)CommandAsync)
            .Accepts<ExportRequest>("application/json").Produces<CommandAnswer>().Produces<ErrorBody>(400)
                .WithSummary("The subset command that writes the same rows.");
    }

    private static string FormatOf(ExportRequest request) => request.Format is null
        ? "parquet"
        : Formats.Contains(request.Format, StringComparer.Ordinal)
            ? request.Format
            : throw ApiException.Bad($"One of {string.Join(", ", Formats)} is wanted.", "format");

    private static string TypeOf(string format) => format switch
    {
        "csv" => "text/csv; charset=utf-8",
        "jsonl" => "application/x-ndjson",
        "urls" => "text/plain; charset=utf-8",
        _ => "application/vnd.apache.parquet",
    };

    private async Task<IResult> ExportAsync(HttpContext context)
    {
        ExportRequest request = RequestBody.Parse(context, ExportsJson.Default.ExportRequest);
        string format = FormatOf(request);
        CancellationToken abort = RequestDeadline.Of(context);
        await _places.WaitAsync(abort);
        try
        {
            using RowSnapshot rows = data.Rows.Acquire();
            var file = new ExportFile(rows, await IdsOfAsync(request, rows, abort));
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"rows.{(format == "urls" ? "txt" : format)}\"";
            context.Response.ContentType = TypeOf(format);
            await WriteAsync(file, format, context.Response.Body, abort);
        }
        finally
        {
            _places.Release();
        }

        return TypedResults.Empty;
    }

    private static async Task WriteAsync(ExportFile file, string format, Stream to, CancellationToken abort)
    {
        switch (format)
        {
            case "csv": await file.WriteCsvAsync(to, abort); break;
            case "jsonl": await file.WriteJsonAsync(to, abort); break;
            case "urls": await file.WriteUrlsAsync(to, abort); break;
            default:
                // Its footer is written last and its writer goes back: it is complete before the first byte is sent.
                await using (var temp = new FileStream(
                    Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
                    FileOptions.DeleteOnClose | FileOptions.Asynchronous))
                {
                    await file.WriteParquetAsync(temp, abort);
                    temp.Position = 0;
                    await temp.CopyToAsync(to, abort);
                }

                break;
        }
    }

    private async Task<IResult> CommandAsync(HttpContext context)
    {
        ExportRequest request = RequestBody.Parse(context, ExportsJson.Default.ExportRequest);
        string format = FormatOf(request);
        using RowSnapshot rows = data.Rows.Acquire();
        string command = request.Ids is null && request.Query is not { Count: > 0 } && request.Limit is null
            ? OfFilter(request, rows, format)
            : OfIds(await IdsOfAsync(request, rows, RequestDeadline.Of(context)), rows, format);
        return TypedResults.Json(new CommandAnswer(command), ExportsJson.Default.CommandAnswer);
    }

    private string OfIds(IReadOnlyList<long> ids, RowSnapshot rows, string format)
    {
        int[] folders = [.. ids.Where(id => rows.Find(id) is not null).Select(id => (int)RowIds.FolderOf(id)).Distinct().Order()];
        return SubsetCommand.Of(rows, ids, NamesOf(folders), format);
    }

    private string OfFilter(ExportRequest request, RowSnapshot rows, string format)
    {
        bool hides = Searcher.HidesUnsafe(request.Safe);
        _ = new RowFilter(request.Filter, hides); // checks it
        int[] folders = FoldersOf(request.Filter);
        string[] names = NamesOf(folders);
        string[] columns =
        [
            .. rows.Files.Where(span => folders.Contains((int)RowIds.FolderOf(span.First))).SelectMany(span => span.File.Columns)
                .Select(column => column.Name).Distinct(),
        ];
        return SubsetCommand.Of(request.Filter ?? new FilterBody(), hides, columns, names, format, request.Distinct ?? true);
    }

    private int[] FoldersOf(FilterBody? filter)
    {
        int[] all = [.. Enumerable.Range(0, data.Folders.Count)];
        if (filter?.Folders is not { Count: > 0 } wanted) { return all; }
        int[] some = [.. all.Where(place => wanted.Contains(data.Folders[place].Name))];
        return some.Length > 0 ? some : all;
    }

    /// <summary>Names of folders that a command reads.</summary>
    /// <exception cref="ApiException">One of them is no output: <c>subset</c> cannot read it.</exception>
    private string[] NamesOf(int[] folders)
    {
        if (folders.FirstOrDefault(place => !data.Folders[place].IsOutput, -1) is var other and >= 0)
        {
            throw ApiException.Bad($"'{data.Folders[other].Name}' is a folder of embeddings, no output: the subset command cannot read it. Export its rows.");
        }

        return Array.ConvertAll(folders, place => data.Folders[place].Name);
    }

    private async Task<IReadOnlyList<long>> IdsOfAsync(ExportRequest request, RowSnapshot rows, CancellationToken abort)
    {
        if (request.Ids is { } ids)
        {
            return ids.Count <= options.ExportRows ? ids : throw ApiException.Bad($"At most {options.ExportRows} rows are exported at once.", "ids");
        }
        int most = Math.Min(request.Limit ?? options.ExportRows, options.ExportRows);
        return most > 0 ? await searcher.IdsAsync(request, rows, most, abort) : throw ApiException.Bad("A limit from 1 is wanted.", "limit");
    }
}
