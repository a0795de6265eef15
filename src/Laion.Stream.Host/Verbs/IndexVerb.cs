using System.CommandLine;
using System.Globalization;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;
using LaionStream.Search.Index;
using LaionStream.Search.Mapping;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>index</c>: makes the vectors of outputs fast to search.</summary>
internal sealed class IndexVerb
{
    private readonly Argument<string[]> _folders =
        new("DIR") { Description = "Output folders with vectors (Laion:Writing:Embeddings), or folders of .npy files by clip-retrieval or autofaiss.", Arity = ArgumentArity.OneOrMore };

    private readonly Option<bool> _follow = new("--follow") { Description = "Stay beside a run, and index what it commits, until it has ended." };
    private readonly Option<bool> _compact = new("--compact") { Description = "Also merge small segments, and build those with removed rows again." };
    private readonly Option<bool> _verify = new("--verify") { Description = "Build nothing: read the index whole and compare it with the vectors; exit code 1 when it is damaged." };
    private readonly Option<bool> _map = new("--map") { Description = "Then also make a map for the explorer's page: rows that look alike near each other, at most Laion:Index:MapRows of them." };
    private readonly Option<VectorKind?> _kind = new("--kind") { Description = "Only vectors of pictures or of captions. [default: those that there are]", HelpName = "image|text" };
    private readonly Option<int?> _threads = new("--threads") { Description = "Threads that build (Laion:Index:Threads).", HelpName = "N" };
    private readonly Option<string> _config = VerbOptions.Config();
    private readonly PlainOption _plain = new();

    public static Command Command(IReadOnlyDictionary<string, string?> settings) => new IndexVerb().Build(settings);

    private Command Build(IReadOnlyDictionary<string, string?> settings)
    {
        var command = new Command(
            "index",
            """
            Builds an index in DIR/index over the vectors of an output, or adds what is new to one, also while a run writes it. Searches read it when it is there
            and give exact scores with it and without. Ctrl-C keeps what is finished.
            """) { _folders, _follow, _compact, _map, _verify, _kind, _threads, _config };
        _plain.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            string[] folders = parsed.GetRequiredValue(_folders);
            if (folders is ["verify", ..] && !Directory.Exists(folders[0])) { throw new UsageException(["index: to verify is an option: laion-stream index --verify DIR."]); }

            Check(parsed, folders);
            Dictionary<string, string?> merged = VerbOptions.Merge(settings, null, null, null);
            if (parsed.GetValue(_threads) is { } threads) { merged["Laion:Index:Threads"] = threads.ToString(CultureInfo.InvariantCulture); }
            await using EngineHost host = EngineHost.Start(parsed.GetValue(_config), merged, logsBesideOutput: false);
            int code = await RunAsync(parsed, folders, host, settings);
            return code == ExitCode.Done && parsed.GetValue(_map) ? await MapAsync(parsed, folders, host, settings) : code;
        });
        return command;
    }

    private void Check(ParseResult parsed, string[] folders)
    {
        if (Array.Find(folders, folder => !Directory.Exists(folder)) is { } missing) { throw new UsageException([$"index: '{missing}' is not there."]); }
        if (parsed.GetValue(_follow) && folders.Length > 1) { throw new UsageException(["index: --follow stays beside one run: name one folder."]); }
        if (parsed.GetValue(_verify) && (parsed.GetValue(_follow) || parsed.GetValue(_compact) || parsed.GetValue(_map)))
        {
            throw new UsageException(["index: --verify builds nothing: leave out --follow, --compact and --map."]);
        }

        if (parsed.GetValue(_follow) && parsed.GetValue(_compact)) { throw new UsageException(["index: --compact after the run that --follow stays beside."]); }
    }

    private async Task<int> RunAsync(ParseResult parsed, string[] folders, EngineHost host, IReadOnlyDictionary<string, string?> settings)
    {
        IndexOptions options = host.Services.GetRequiredService<IOptions<IndexOptions>>().Value;
        VectorKind[]? kinds = parsed.GetValue(_kind) is { } kind ? [kind] : null;
        CancellationToken stop = host.Signals.Stop;
        bool verifies = parsed.GetValue(_verify);
        using LiveProgress progress = LiveProgress.Start("index", verifies ? "bytes" : "vectors", _plain.IsAsked(parsed), settings);
        try
        {
            foreach (string folder in folders)
            {
                if (verifies)
                {
                    if (!await Task.Run(() => Verify(folder, kinds, progress, stop), stop)) { return ExitCode.Failed; }
                }
                else if (parsed.GetValue(_compact))
                {
                    await Task.Run(() => Compact(folder, kinds, options, progress, stop), stop);
                }
                else
                {
                    await FollowAsync(folder, kinds, options, parsed.GetValue(_follow), progress, stop);
                }
            }

            return ExitCode.Done;
        }
        catch (NoVectorsException e)
        {
            throw new UsageException([e.Message]);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            progress.Warn(verifies ? "Stopped before the end." : "Stopped: finished segments stay, the same command goes on.");
            return ExitCode.Stopped;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            progress.Warn(e.Message);
            return ExitCode.Failed;
        }
    }

    private async Task<int> MapAsync(ParseResult parsed, string[] folders, EngineHost host, IReadOnlyDictionary<string, string?> settings)
    {
        IndexOptions options = host.Services.GetRequiredService<IOptions<IndexOptions>>().Value;
        CancellationToken stop = host.Signals.Stop;
        using LiveProgress progress = LiveProgress.Start("map", "steps", _plain.IsAsked(parsed), settings);
        try
        {
            foreach (string folder in folders)
            {
                foreach (VectorKind kind in parsed.GetValue(_kind) is { } one ? [one] : IndexBuilder.KindsOf(folder))
                {
                    progress.Total += 1000;
                    var builder = new MapBuilder(folder, options) { Done = steps => progress.Add(steps) };
                    if (await Task.Run(() => builder.Build(kind, stop), stop) is { } report) { progress.Say($"{folder}: {LineOf(report)}"); }
                }
            }

            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            progress.Warn("Stopped: the index is finished, the map that was there stays.");
            return ExitCode.Stopped;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or IndexBusyException)
        {
            progress.Warn(e.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task FollowAsync(string folder, VectorKind[]? kinds, IndexOptions options, bool follows, LiveProgress progress, CancellationToken stop)
    {
        long planned = 0;
        var follower = new IndexFollower(folder, options, () => follows && RunningOutput.Of(folder) is not null)
        {
            Planned = rows => progress.Total = planned += rows,
            Added = rows => progress.Add(rows),
            Built = report =>
            {
                if (follows) { progress.Say(LineOf(report)); }
            },
        };
        foreach (IndexReport report in await follower.RunAsync(kinds, stop)) { progress.Say($"{folder}: {LineOf(report)}"); }
    }

    private static void Compact(string folder, VectorKind[]? kinds, IndexOptions options, LiveProgress progress, CancellationToken stop)
    {
        long planned = 0;
        var builder = new IndexBuilder(folder, options) { Planned = rows => progress.Total = planned += rows, Added = rows => progress.Add(rows) };
        foreach (VectorKind kind in kinds ?? IndexBuilder.KindsOf(folder)) { progress.Say($"{folder}: {LineOf(builder.Build(kind, compacts: true, stop))}"); }
    }

    private static bool Verify(string folder, VectorKind[]? kinds, LiveProgress progress, CancellationToken stop)
    {
        bool isWhole = true;
        foreach (VectorKind kind in kinds ?? IndexBuilder.KindsOf(folder))
        {
            (IndexReport report, IReadOnlyList<string> faults) = new IndexVerifier(folder, kind) { Progress = progress.Set }.Verify(stop);
            string? map = VectorMap.FaultOf(folder, kind);
            if (map is not null) { progress.Say($"{folder}: {map} 'laion-stream index --map' makes it again."); }
            foreach (string fault in faults) { progress.Say($"{folder}: {fault} Delete the file and run 'laion-stream index': it is built again."); }
            bool isSound = faults.Count == 0 && map is null;
            progress.Say($"{folder}: {(isSound ? "whole" : "not whole")}: {LineOf(report)}");
            isWhole &= isSound;
        }

        return isWhole;
    }

    private static string LineOf(MapReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Points} of {report.Vectors} vectors of {(report.Kind == VectorKind.Image ? "pictures" : "captions")} on the map{(report.IsNew ? "" : ", as before")}.");

    private static string LineOf(IndexReport report)
    {
        string of = report.Kind == VectorKind.Image ? "pictures" : "captions";
        string rest = report.Rows > report.Indexed ? $"; {report.Rows - report.Indexed} are compared one by one" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{report.Indexed} of {report.Rows} vectors of {of} in {report.Segments} {(report.Segments == 1 ? "segment" : "segments")}{rest}.");
    }
}
