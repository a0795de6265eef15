using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LaionStream.Explorer.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Explorer.Tests.Page;

/// <summary>
/// Stands for the service where a test wants answers that it decides: errors, waiting, hostile rows. It serves the page as the service does, with its headers.
/// </summary>
internal sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IReadOnlyList<JsonObject> _rows;

    private StubService(WebApplication app, IReadOnlyList<JsonObject> rows) => (_app, _rows) = (app, rows);

    /// <summary>Where it listens.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The bodies of requests, by path, in their order.</summary>
    public ConcurrentQueue<(string Path, JsonNode? Body)> Asked { get; } = new();

    /// <summary>Paths that fail, with the status.</summary>
    public ConcurrentDictionary<string, int> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>Paths whose answers wait for a task.</summary>
    public ConcurrentDictionary<string, Task> Holds { get; } = new(StringComparer.Ordinal);

    /// <summary>The key that requests must carry; null when none.</summary>
    public string? Key { get; set; }

    /// <summary>Whether the service has a model for text.</summary>
    public bool CanEmbedText { get; set; } = true;

    /// <summary>Whether there is a map.</summary>
    public bool HasMap { get; set; } = true;

    /// <summary>How many rows it says it has; null: as many as it has.</summary>
    public int? SaidRows { get; set; }

    /// <summary>Starts it on a free port.</summary>
    /// <param name="rows">How many rows it has.</param>
    public static async Task<StubService> StartAsync(int rows = 500)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var stub = new StubService(builder.Build(), StubRows.Make(rows));
        stub.Map();
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>The last body that a path was asked with.</summary>
    public JsonNode Last(string path) => Asked.Last(one => one.Path == path).Body!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private void Map()
    {
        var page = new PageFiles();
        _app.Use(next => context => GuardAsync(context, next));
        _app.UseRouting();
        _app.MapGet("/", (HttpContext context) => page.AnswerAsync(context, "index.html"));
        _app.MapGet("/app/{**name}", (HttpContext context, string name) => page.AnswerAsync(context, name));
        _app.MapGet("/api/v1/info", () => Json(StubAnswers.Info(SaidRows ?? _rows.Count, CanEmbedText)));
        _app.MapPost("/api/v1/search", (Delegate)(async (HttpContext context) => Json(StubAnswers.Search(_rows, await BodyAsync(context)))));
        _app.MapPost("/api/v1/facets", (Delegate)(async (HttpContext context) => Json(StubAnswers.Facets(_rows, await BodyAsync(context)))));
        _app.MapGet("/api/v1/rows/{id:int}", (int id) => id < _rows.Count ? Json(StubAnswers.Detail(_rows[id])) : Failure(404, "There is no such row."));
        _app.MapGet("/api/v1/rows/{id:int}/similar", (int id) => Json(StubAnswers.Similar(_rows, id)));
        _app.MapGet("/api/v1/rows/{id:int}/thumbnail", (int id) => id == StubRows.Gone ? Failure(404, "There is no picture.") : Results.Text(StubRows.Picture(id), "image/svg+xml"));
        _app.MapGet("/api/v1/map", () => Json(HasMap ? StubMap.Answer(_rows) : StubMap.None()));
        _app.MapPost("/api/v1/map/passes", (Delegate)(async (HttpContext context) => { JsonNode body = await BodyAsync(context); return Json(StubMap.Passes(_rows, row => StubAnswers.Passes(row, body["filter"]))); }));
        _app.MapGet("/api/v1/dataset", () => Json(StubAnswers.Dataset()));
        _app.MapGet("/api/v1/run", () => Json(StubAnswers.Run()));
        _app.MapPost("/api/v1/export", (Delegate)ExportAsync);
        _app.MapPost("/api/v1/export/command", (Delegate)(async (HttpContext context) => Json(StubAnswers.Command(await BodyAsync(context)))));
    }

    private async Task<IResult> ExportAsync(HttpContext context)
    {
        await BodyAsync(context);
        return Results.File("URL\nhttps://a.example\n"u8.ToArray(), "text/csv", "subset.csv");
    }

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.Apply(context);
        string path = context.Request.Path.Value!;
        if (Holds.TryGetValue(path, out Task? hold)) { await hold.WaitAsync(context.RequestAborted); }
        int status = Faults.TryGetValue(path, out int fault) ? fault : Key is not null && path.StartsWith("/api", StringComparison.Ordinal) && context.Request.Headers["X-API-Key"] != Key ? 401 : 0;
        if (status == 0) { await next(context); }
        else { await Failure(status, status == 401 ? "A key is wanted." : "The index is being rebuilt.").ExecuteAsync(context); }
    }

    private async Task<JsonNode> BodyAsync(HttpContext context)
    {
        JsonNode body = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        Asked.Enqueue((context.Request.Path.Value!, body));
        return body;
    }

    private static IResult Json(JsonNode body) => Results.Text(body.ToJsonString(), "application/json");

    private static IResult Failure(int status, string message) => Results.Text(new JsonObject { ["message"] = message }.ToJsonString(), "application/json", statusCode: status);
}
