using System.Globalization;
using System.Text;
using System.Text.Json;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;
using LaionStream.Explorer.Queries;
using LaionStream.Search.Rows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LaionStream.Explorer.Clip;

/// <summary>
/// The interface of clip-retrieval's back end (clip_back.py), so that its client and its page work unchanged. Where it answers 500 for a mistake in a request,
/// this answers 400 or 404 with the reason; the body is JSON with a message either way.
/// </summary>
internal sealed class ClipApi(ExplorerData data, Searcher searcher, QueryVector query, WorkGate gate, TimeProvider clock)
{
    private const int MostResults = 10_000; // what its page asks for when it downloads
    private const float LeastUnsafe = 0.5f;

    private readonly ClipCounts _counts = new(clock);

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indices-list",
            IResult () => TypedResults.Json<IReadOnlyList<string>>(data.IndexNames, ClipJson.Default.IReadOnlyListString))
            .WithSummary("clip-retrieval: names of the indexes.");
        routes.MapPost("/knn-service", (Delegate)KnnAsync).WithSummary("clip-retrieval: rows like a text, picture, address or vector.");
        routes.MapPost("/metadata", (Delegate)MetadataAsync).WithSummary("clip-retrieval: columns of rows.");
        routes.MapGet("/config.json", IResult (HttpContext context) => TypedResults.Text(Config(context), "application/json", Encoding.UTF8))
            .WithSummary("clip-retrieval: what its page asks first.");
        routes.MapGet("/metrics-summary", IResult () => TypedResults.Text(_counts.Table(), "text/plain", Encoding.UTF8))
            .WithSummary("clip-retrieval: requests so far.");
    }

    private static string Config(HttpContext context)
    {
        var json = new System.Text.Json.Nodes.JsonObject
        {
            ["defaultBackend"] = $"{context.Request.Scheme}://{context.Request.Host}/",
            ["defaultIndex"] = "image",
            ["urlColumn"] = "url",
        };
        return json.ToJsonString();
    }

    private async Task<IResult> KnnAsync(HttpContext context)
    {
        using IDisposable timed = _counts.Begin("knn_service");
        var body = new ClipBody(context.Features.Get<RequestBody>()?.Bytes ?? default);
        CancellationToken abort = RequestDeadline.Of(context);
        int columns = body.Count("num_images");
        int count = Math.Min(body.Count("num_result_ids", columns), MostResults);
        IVectors vectors = IndexOf(body);
        float[] vector = await VectorOfAsync(body, vectors, abort);
        return TypedResults.Bytes(await gate.RunAsync(() => Answer(body, vectors, vector, count, columns, abort), abort), "application/json");
    }

    private async Task<IResult> MetadataAsync(HttpContext context)
    {
        using IDisposable timed = _counts.Begin("metadata");
        var body = new ClipBody(context.Features.Get<RequestBody>()?.Bytes ?? default);
        IReadOnlyList<long> ids = body.Ids("ids", MostResults);
        _ = searcher.AnyIndexOf(body.Text("indice_name"));
        return TypedResults.Bytes(await gate.RunAsync(() => Metadata(ids), RequestDeadline.Of(context)), "application/json");
    }

    /// <summary>
    /// Its modality names the kind of vectors, its index the data. Ours are called <c>image</c>, which is all data, <c>text</c>, which is their captions whatever
    /// the modality, and the names of folders.
    /// </summary>
    private IVectors IndexOf(ClipBody body)
    {
        string modality = body.Text("modality") ?? throw ApiException.Bad("The field is missing.", "modality");
        string? name = body.Text("indice_name");
        bool isOfCaptions = modality != "image";
        return searcher.IndexOf(name is null or "image" && isOfCaptions && data.Find("text") is not null ? "text" : name ?? "image", isOfCaptions);
    }

    private async Task<float[]> VectorOfAsync(ClipBody body, IVectors vectors, CancellationToken abort)
    {
        float[] vector = body.Text("text") is { } text ? await query.OfTextAsync(text, vectors, "text", abort)
            : body.Text("image") is { } picture ? await query.OfPictureAsync(picture, vectors, "image", abort)
            : body.Text("image_url") is { } url ? await query.OfUrlAsync(url, vectors, "image_url", abort)
            : body.Vector("embedding_input") is { } given ? await query.OfAsync([new QueryTerm { Vector = given }], vectors, abort)
            : throw ApiException.Bad("One of text, image, image_url and embedding_input is wanted.");

        // aesthetic_score and aesthetic_weight move the query towards pictures of that rating with vectors that only clip-retrieval's data have. It ignores
        // them too where it has none; they must be numbers or nothing.
        _ = (body.Number("aesthetic_score"), body.Number("aesthetic_weight"));
        return vector;
    }

    private byte[] Answer(ClipBody body, IVectors vectors, float[] vector, int count, int columns, CancellationToken abort)
    {
        using RowSnapshot rows = data.Rows.Acquire();
        IEnumerable<VectorHit> hits = count == 0 ? [] : vectors.Search(vector, count, null, abort).Where(hit => rows.Find(hit.Row) is not null);
        if (body.Flag("deduplicate")) { hits = Folding.Fold([.. hits], rows, vectors, abort).Select(result => result.Hit); }
        if (body.Flag("use_safety_model")) { hits = hits.Where(hit => !IsUnsafe(rows, hit.Row)); }
        if (body.Flag("use_violence_detector")) { hits = hits.Where(hit => !(ScoreOf(rows, hit.Row, "q16") > LeastUnsafe)); }

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            int written = 0;
            foreach (VectorHit hit in hits)
            {
                json.WriteStartObject();
                if (written++ < columns) { WriteColumns(json, rows, hit.Row); }
                json.WriteNumber("id", hit.Row);
                json.WriteNumber("similarity", hit.Cosine);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return bytes.ToArray();
    }

    private byte[] Metadata(IReadOnlyList<long> ids)
    {
        using RowSnapshot rows = data.Rows.Acquire();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (long id in ids.Where(id => rows.Find(id) is not null))
            {
                json.WriteStartObject();
                json.WriteNumber("id", id);
                json.WriteStartObject("metadata");
                WriteColumns(json, rows, id);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return bytes.ToArray();
    }

    private static void WriteColumns(Utf8JsonWriter json, RowSnapshot rows, long row)
    {
        (int place, int at) = rows.Find(row)!.Value;
        RowFile file = rows.Files[place].File;
        KeyValuePair<string, object?>[] columns = file.Read(at);
        string? Of(RowMeaning meaning) => RowViews.TextOf(file, columns, meaning);

        json.WriteString("url", Of(RowMeaning.Url));
        json.WriteString("image_path", Of(RowMeaning.ImagePath) ?? Of(RowMeaning.Key) ?? row.ToString(CultureInfo.InvariantCulture));
        json.WriteString("caption", Of(RowMeaning.Caption) ?? ""); // its page asks null for its length and shows nothing more; its HDF5 metadata have empty texts too
        json.WriteString("NSFW", Of(RowMeaning.Nsfw));
    }

    private static bool IsUnsafe(RowSnapshot rows, long row)
    {
        (int place, int at) = rows.Find(row)!.Value;
        return RowFilter.IsUnsafe(RowViews.Text(rows.Files[place].File, RowText.Nsfw, at), ScoreOf(rows, row, "punsafe"));
    }

    private static float ScoreOf(RowSnapshot rows, long row, string column)
    {
        (int place, int at) = rows.Find(row)!.Value;
        ReadOnlySpan<float> scores = rows.Files[place].File.Score(column);
        return scores.IsEmpty ? float.NaN : scores[at];
    }
}
