using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;
using LaionStream.Explorer.Queries;
using LaionStream.Search.Index;
using LaionStream.Search.Mapping;
using LaionStream.Search.Rows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LaionStream.Explorer.Maps;

/// <summary>The addresses <c>/api/v1/map</c>: the maps that <c>index --map</c> made, with the rows that there are now.</summary>
/// <param name="data">What is served.</param>
/// <param name="searcher">Knows which rows pass a filter.</param>
/// <param name="gate">Limits how many maps are made ready at once.</param>
internal sealed class MapApi(ExplorerData data, Searcher searcher, WorkGate gate)
{
    // By points: two maps of the 2,000,000 that Index:MapRows allows.
    private readonly Known<(string Folder, VectorKind Kind, string Version, bool HidesUnsafe), DrawnMap> _drawn =
        new(2 * (2_000_000 + 1000), map => map.Points.Length + 1000);

    private readonly Lock _draws = new(); // a large map takes long: requests that come meanwhile wait for the first one's

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/map", (Delegate)GetAsync).Produces<MapAnswer>().Produces<ErrorBody>(404)
            .WithSummary("Rows on a plane, those that look alike near each other, with what they can be coloured by (?folder=, ?kind=image or text, ?safe=).");
        routes.MapPost("/api/v1/map/passes", (Delegate)PassesAsync)
            .Accepts<MapPassesRequest>("application/json").Produces<MapPassesAnswer>().Produces<ErrorBody>(404)
            .WithSummary("Which points of a map a filter lets pass.");
    }

    private async Task<IResult> GetAsync(HttpContext context)
    {
        string Asked(string name) => context.Request.Query[name].ToString();
        bool hides = Searcher.HidesUnsafe(Asked("safe") is { Length: > 0 } safe ? safe : null);
        CancellationToken abort = RequestDeadline.Of(context);
        MapAnswer answer = await gate.RunAsync(
            () =>
            {
                using RowSnapshot rows = data.Rows.Acquire();
                return Find(Asked("folder"), Asked("kind"), rows, hides, abort)?.Answer ?? new MapAnswer { Maps = [] };
            },
            abort);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(answer, MapsJson.Default.MapAnswer);
    }

    private async Task<IResult> PassesAsync(HttpContext context)
    {
        MapPassesRequest request = RequestBody.Parse(context, MapsJson.Default.MapPassesRequest);
        var filter = new RowFilter(request.Filter, hidesUnsafe: false);
        bool hides = Searcher.HidesUnsafe(request.Safe);
        CancellationToken abort = RequestDeadline.Of(context);
        MapPassesAnswer answer = await gate.RunAsync(
            () =>
            {
                using RowSnapshot rows = data.Rows.Acquire();
                DrawnMap map = Find(request.Folder ?? "", request.Kind ?? "", rows, hides, abort) ?? throw ApiException.Missing("There is no map.");
                RowMask mask = searcher.MaskOf(rows, filter);
                byte[] of = Array.ConvertAll(map.Points, point => (byte)(mask.Bits(point.File)[point.Row >> 6] >> (point.Row & 63) & 1));
                return new MapPassesAnswer(map.Answer.Version!, of.Count(passes => passes != 0), of);
            },
            abort);
        return TypedResults.Json(answer, MapsJson.Default.MapPassesAnswer);
    }

    /// <summary>The map that is asked for, or the first that there is.</summary>
    /// <returns>Null when there is none at all.</returns>
    /// <exception cref="ApiException">There are maps, but not this one.</exception>
    private DrawnMap? Find(string folder, string kind, RowSnapshot rows, bool hidesUnsafe, CancellationToken abort)
    {
        (int Place, ServedFolder Folder, VectorKind Kind)[] all =
        [
            .. data.Folders.SelectMany((one, place) => KindsOf(one).Select(kind => (place, one, kind))),
        ];
        if (all.Length == 0) { return null; }
        (int Place, ServedFolder Folder, VectorKind Kind)[] asked =
        [
            .. all.Where(one => (folder.Length == 0 || one.Folder.Name == folder) && (kind.Length == 0 || NameOf(one.Kind) == kind)),
        ];
        if (asked.Length == 0) { throw ApiException.Missing("There is no such map."); }
        return Draw(asked[0], [.. all.Select(one => new MapInfo(one.Folder.Name, NameOf(one.Kind)))], rows, hidesUnsafe, abort);
    }

    private DrawnMap Draw((int Place, ServedFolder Folder, VectorKind Kind) of, MapInfo[] all, RowSnapshot rows, bool hidesUnsafe, CancellationToken abort)
    {
        string version = FormattableString.Invariant($"{VectorMap.StampOf(of.Folder.Path)}-{rows.Version}");
        (string, VectorKind, string, bool) key = (of.Folder.Path, of.Kind, version, hidesUnsafe);
        if (_drawn.TryGet(key, out DrawnMap known)) { return known with { Answer = known.Answer with { Maps = all } }; }

        lock (_draws)
        {
            abort.ThrowIfCancellationRequested();
            DrawnMap drawn = _drawn.TryGet(key, out known) ? known : _drawn.Keep(key, DrawNew(of, version, rows, hidesUnsafe, abort));
            return drawn with { Answer = drawn.Answer with { Maps = all } };
        }
    }

    private static DrawnMap DrawNew(
        (int Place, ServedFolder Folder, VectorKind Kind) of, string version, RowSnapshot rows, bool hidesUnsafe, CancellationToken abort)
    {
        VectorMap map = Open(of.Folder, of.Kind) ?? throw ApiException.Missing("The map was deleted.");
        MapPoint[] points = MapDrawing.Points(map, RowIds.First(of.Place), rows, hidesUnsafe);
        MapAnswer answer = MapDrawing.Of(rows, points, abort) with
        {
            Folder = of.Folder.Name,
            Kind = NameOf(of.Kind),
            Version = version,
            At = map.At,
            Vectors = map.Vectors,
        };
        return new DrawnMap(answer, points);
    }

    private static IReadOnlyList<VectorKind> KindsOf(ServedFolder folder)
    {
        try
        {
            return VectorMap.KindsOf(folder.Path);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return []; // the maps of a folder that is not readable now are missing, and the other folders' go on
        }
    }

    private static VectorMap? Open(ServedFolder folder, VectorKind kind)
    {
        try
        {
            return VectorMap.Open(folder.Path, kind);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new ApiException(503, $"The map of {folder.Name} cannot be read: 'laion-stream index --verify' says why, and 'index --map' makes it again.");
        }
    }

    private static string NameOf(VectorKind kind) => kind == VectorKind.Image ? "image" : "text";

    private sealed record DrawnMap(MapAnswer Answer, MapPoint[] Points);
}
