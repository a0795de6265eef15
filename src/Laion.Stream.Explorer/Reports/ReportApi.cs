using LaionStream.Dataset.History;
using LaionStream.Dataset.Summary;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;
using LaionStream.Explorer.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LaionStream.Explorer.Reports;

/// <summary><c>/api/v1/dataset</c> and <c>/api/v1/run</c>: how the outputs came about.</summary>
/// <param name="data">The folders.</param>
/// <param name="facets">Counts its rows.</param>
/// <param name="isPrivate">Whether only people who may know this machine ask: its log names paths.</param>
/// <param name="clock">Tells whether a run is still active.</param>
internal sealed class ReportApi(ExplorerData data, Facets facets, bool isPrivate, TimeProvider clock)
{
    private const int MostPoints = 2000;
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(5);

    private readonly Known<string, IReadOnlyDictionary<string, List<DroppedSample>>> _samples = new(1);
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/dataset", (Delegate)DatasetAsync).Produces<DatasetAnswer>().WithSummary("How the output came about and what is in it.");
        routes.MapGet("/api/v1/run", IResult () => TypedResults.Json(Run(), ReportsJson.Default.RunAnswer))
            .Produces<RunAnswer>().Produces<ErrorBody>(404).WithSummary("The run that writes the output, or that wrote it last.");
    }

    private async Task<IResult> DatasetAsync(HttpContext context)
    {
        CancellationToken abort = RequestDeadline.Of(context);
        var runs = FolderReports.Of(data);
        FacetsAnswer counts = await facets.OfAsync(null, "show", abort);
        IReadOnlyDictionary<string, List<DroppedSample>> samples = await SamplesAsync(abort);
        var answer = new DatasetAnswer
        {
            Links = runs.Links,
            Kept = counts.Rows,
            Dropped =
            [
                .. runs.Dropped.OrderByDescending(pair => pair.Value)
                    .Select(pair => new DroppedCount(pair.Key, pair.Value, samples.TryGetValue(pair.Key, out List<DroppedSample>? some) ? some : [])),
            ],
            Sets = counts.Facets["set"].ToDictionary(set => set.Value, set => set.Count),
            Stages = runs.Stages,
            Thresholds = runs.Thresholds,
            Models = runs.Models,
            Similarity = runs.Similarity,
            Languages = counts.Facets["language"],
            Licences = counts.Facets["licence"],
            Domains = counts.Facets["domain"],
            Sizes = counts.Histograms.Where(pair => pair.Key is "width" or "height").ToDictionary(),
        };
        return TypedResults.Json(answer, ReportsJson.Default.DatasetAnswer);
    }

    private async Task<IReadOnlyDictionary<string, List<DroppedSample>>> SamplesAsync(CancellationToken abort)
    {
        FileInfo[] manifests = [.. data.Folders.Select(folder => new FileInfo(Path.Combine(folder.Path, "state", "manifest.jsonl")))];
        string state = string.Join(' ', manifests.Select(file => file.Exists ? file.Length : -1));
        await _reading.WaitAsync(abort);
        try
        {
            return _samples.TryGet(state, out IReadOnlyDictionary<string, List<DroppedSample>> known)
                ? known
                : _samples.Keep(state, await DroppedSamples.ReadAsync([.. data.Folders.Select(folder => folder.Path)], abort));
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return new Dictionary<string, List<DroppedSample>>(); // damaged samples are no reason to show no dataset; verify names them
        }
        finally
        {
            _reading.Release();
        }
    }

    private RunAnswer Run()
    {
        // Of several folders the one whose run goes on, or wrote last.
        (string folder, RunSummary summary) = data.Folders.Select(one => (one.Path, one.Summary)).Where(one => one.Summary?.Run is not null)
            .OrderByDescending(one => RunFiles.IsRunning(one.Summary, clock.GetUtcNow())).ThenByDescending(one => one.Summary!.WrittenAt)
            .Select(one => (one.Path, one.Summary!)).FirstOrDefault();
        if (summary?.Run is not { } run) { throw ApiException.Missing("This output has no record of its run."); }

        bool isRunning = RunFiles.IsRunning(summary, clock.GetUtcNow());
        IReadOnlyList<HistoryPoint> points = HistoryFile.Read(HistoryFile.PathIn(folder));
        (double links, double kept) = isRunning && Rates(points) is { } rates ? rates : (run.LinksPerSecond, run.KeptPerSecond);
        int step = Math.Max(1, (points.Count + MostPoints - 1) / MostPoints);
        return new RunAnswer
        {
            Running = isRunning,
            State = isRunning || run.State != RunStates.Running ? run.State : "ended by force",
            StartedAt = run.StartedAt,
            EndedAt = run.EndedAt,
            Links = summary.Links,
            Kept = summary.Kept,
            LinksPerSecond = links,
            KeptPerSecond = kept,
            Bottleneck = points is [.., var last] ? last.Bottleneck : null,
            History = [.. points.Where((_, i) => i % step == 0 || i == points.Count - 1)],
            Stages = summary.Stages,
            Errors = isPrivate ? RunLog.Errors(folder) : [],
        };
    }

    private static (double Links, double Kept)? Rates(IReadOnlyList<HistoryPoint> points)
    {
        if (points.Count < 2) { return null; }
        HistoryPoint last = points[^1];
        HistoryPoint first =
            points.Last(point => point.Session == last.Session && (last.At - point.At >= Recent || point == points.First(one => one.Session == last.Session)));
        double seconds = (last.At - first.At).TotalSeconds;
        return seconds > 0 ? ((last.Links - first.Links) / seconds, (last.Kept - first.Kept) / seconds) : null;
    }
}
