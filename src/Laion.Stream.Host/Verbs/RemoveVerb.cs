using System.CommandLine;
using System.Globalization;
using LaionStream.Dataset.Removal;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Engine.Removal;
using LaionStream.Host.Configuration;
using LaionStream.Host.Hosting;
using LaionStream.Host.Live;
using LaionStream.Search.Index;
using LaionStream.Search.Removal;
using LaionStream.Search.Subsets;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs;

/// <summary><c>remove</c>: takes rows out of outputs, with all that was stored of them, and out of what was made of them.</summary>
internal sealed class RemoveVerb
{
    private const string NoList = "remove: which rows? Name a list that is not empty with --hash, --url, --md5 or --domain, or a picture with --like.";
    private static readonly string[] Kinds = ["hash", "url", "md5", "domain"];

    private readonly Argument<string[]> _paths =
        new("DIR")
        {
            Description = "Output folders; then subsets and merged outputs that were moved, or made by an earlier version.",
            Arity = ArgumentArity.OneOrMore
        };

    private readonly Option<string[]>[] _lists =
    [
        ListOption("--hash", "Values of the column hash."),
        ListOption("--url", "Addresses, as in the columns URL and final_url."),
        ListOption("--md5", "MD5 digests of pictures."),
        ListOption("--domain", "Domains; all below them too."),
    ];

    private readonly LikePictures _like = new();
    private readonly Option<bool> _compact =
        new("--compact") { Description = "Build segments of the index that hold vectors of removed rows again at once; otherwise 'index --compact' does." };
    private readonly Option<bool> _trial = new("--dry-run") { Description = "Count the rows, and change nothing; with --like print them." };
    private readonly Option<string> _config = VerbOptions.Config();
    private readonly PlainOption _plain = new();

    public static Command Command(IReadOnlyDictionary<string, string?> settings) => new RemoveVerb().Build(settings);

    private Command Build(IReadOnlyDictionary<string, string?> settings)
    {
        var command = new Command(
            "remove",
            """
            Removes the rows that a list names from an output, part by part: from Parquet files, tars, vectors, their metadata, the index and dropped/;
            then from the subsets and merged outputs that were made of it. Each FILE has an entry a line. Their digests become a block list of the
            output, so that no run and no retry brings them back. Running it again with the same lists goes on where it was stopped.
            """) { _paths, _lists[0], _lists[1], _lists[2], _lists[3], _trial, _compact, _config };
        _like.AddTo(command);
        _plain.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            string[] paths = [.. parsed.GetRequiredValue(_paths).Select(Path.TrimEndingDirectorySeparator)];
            RemovalList list = await ReadAsync([.. Kinds.Zip(_lists, (kind, option) => (kind, parsed.GetValue(option) ?? []))]);
            if (list.Count == 0 && !_like.IsAsked(parsed)) { throw new UsageException([NoList]); }
            Check(paths);
            string[] outputs = [.. paths.Where(RunFolder.IsOne)];
            await using EngineHost host = EngineHost.Start(
                parsed.GetValue(_config), VerbOptions.Merge(settings, null, outputs.FirstOrDefault(),
                    _like.ModelsOf(parsed)), logsBesideOutput: outputs.Length > 0);
            await _like.PrepareAsync(parsed, outputs, list, host);
            using LiveProgress shown = LiveProgress.Start("remove", "rows", _plain.IsAsked(parsed), settings);
            return await RunAsync(parsed, host, outputs, [.. paths.Except(outputs)], list, shown);
        });
        return command;
    }

    private static void Check(string[] paths)
    {
        string[] errors =
        [
            .. paths.Where(path => !Path.Exists(path)).Select(path => $"remove: '{path}' is not there."),
            .. paths.Where(path => Directory.Exists(path) && !RunFolder.IsOne(path) && !IsMade(path))
                .Select(path => $"remove: '{path}' is no output folder: it has no state/manifest.jsonl."),
        ];
        if (errors.Length > 0) { throw new UsageException(errors); }
    }

    /// <summary>Whether <c>subset --to</c> or <c>merge</c> may have made the folder; of several inputs it has a folder each.</summary>
    private static bool IsMade(string path)
    {
        try
        {
            return File.Exists(SubsetWriter.ManifestOf(path))
                || Directory.EnumerateDirectories(path).Append(path).Any(folder => File.Exists(Path.Combine(folder, "state", "manifest.jsonl")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException([$"remove: '{path}' cannot be read: {e.Message}"]);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, EngineHost host, string[] outputs, string[] others, RemovalList list, LiveProgress shown)
    {
        CancellationToken stop = host.Signals.Stop;
        bool isTrial = parsed.GetValue(_trial);
        try
        {
            var removed = new RemovedSet();
            bool isWhole = true;
            // all of them before anything is removed
            (string Output, IReadOnlyList<LikeRow> Like)[] all = [.. outputs.Select(output => (output, _like.Find(parsed, output, shown.Warn, stop)))];
            foreach ((string output, IReadOnlyList<LikeRow> like) in all)
            {
                shown.Phase = output;
                isWhole &= await RemoveAsync(host, output, list, like, removed, isTrial, shown);
            }

            shown.Phase = "subsets";
            var derived = new DerivedRemoval(list, removed, host.Services.GetRequiredService<TimeProvider>()) { Begun = path => shown.Phase = path };
            IReadOnlyList<DerivedReport> reports = await Task.Run(() => derived.Run(outputs, others, isTrial, stop), stop);
            foreach (DerivedReport report in reports) { Say(report, isTrial, shown); }
            if (!isTrial)
            {
                IEnumerable<string> made = reports.Where(report => report.State == DerivedState.Done).SelectMany(report => report.Roots);
                isWhole &= await CompactAsync(host, [.. outputs, .. made], parsed.GetValue(_compact), shown);
            }
            return isWhole && reports.All(report => report.State != DerivedState.Failed) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is OutputRefusedException or InvalidDataException)
        {
            throw new UsageException([$"remove: {e.Message}"]);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            shown.Warn("Stopped after a part. Run again with the same lists to go on.");
            return ExitCode.Stopped;
        }
    }

    /// <summary>Removes rows from an output.</summary>
    /// <returns>Whether all its parts are here.</returns>
    private static async Task<bool> RemoveAsync(EngineHost host, string output, RemovalList list, IReadOnlyList<LikeRow> like, RemovedSet removed, bool isTrial,
        LiveProgress shown)
    {
        CancellationToken stop = host.Signals.Stop;
        if (isTrial && like.Count > 0)
        {
            shown.Say($"{Of(like.Count, "row")} {(like.Count == 1 ? "is" : "are")} like it: similarity, hash, URL, TEXT");
            foreach (string line in await LikePictures.DescribeAsync(output, like, stop)) { shown.Say(line); }
        }

        var removal = new OutputRemoval(output, host.Services.GetRequiredService<TimeProvider>(), host.Services.GetRequiredService<ILoggerFactory>())
        {
            Progress = shown.Set,
            Chosen = like.GroupBy(row => row.Commit, row => row.Position).ToDictionary(part => part.Key, part => (IReadOnlySet<int>)part.ToHashSet()),
            Replaced = (commit, positions, by) => IndexRemoval.Remove(output, commit, positions, by),
        };
        bool requireLock = host.Services.GetRequiredService<IOptions<WritingOptions>>().Value.RequireLock;
        var own = new RemovedSet(); // what another output lost is no news of this one
        RemovalReport report = await Task.Run(() => removal.RunAsync(list, own, requireLock, isTrial, stop));
        removed.UnionWith(own);
        if (!isTrial) { DerivedFiles.DeleteOfGoneParts(output); }
        string dropped = report.Dropped > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {Of(report.Dropped, "dropped one")}") : "";
        shown.Say(string.Create(CultureInfo.InvariantCulture,
            $"{Of(report.Rows, "row")}{dropped} {(isTrial ? "to remove" : "removed")}, in {Of(report.Parts, "part")}: {output}"));
        if (report.Undigested > 0)
        {
            shown.Warn(string.Create(CultureInfo.InvariantCulture,
                $"{report.Undigested} of them have neither md5 nor sha256 (Writing:Digests): the same pictures under other addresses will not be recognised."));
        }

        if (report.Away == 0) { return true; }

        shown.Warn($"{Of(report.Away, "part")} {(report.Away == 1 ? "is" : "are")} not here: the rows are still in what was moved away. "
            + "Bring it back and run this again, or delete it where it is.");
        return false;
    }

    /// <summary>Builds segments that hold vectors of removed rows again, or says that there are some.</summary>
    /// <returns>False when it was asked for and is not done.</returns>
    private static async Task<bool> CompactAsync(EngineHost host, string[] folders, bool isAsked, LiveProgress shown)
    {
        IndexOptions options = host.Services.GetRequiredService<IOptions<IndexOptions>>().Value;
        foreach (string folder in folders.Where(folder => File.Exists(Path.Combine(folder, "index", "manifest.jsonl"))))
        {
            (int segments, long rows, IReadOnlyList<VectorKind> kinds) = IndexLeftovers.Of(folder);
            if (segments == 0) { continue; }

            if (!isAsked)
            {
                (string hold, string them) = segments == 1 ? ("holds", "it") : ("hold", "them");
                shown.Say($"note: {Of(segments, "segment")} in {Path.Combine(folder, "index")} still {hold} the vectors of {Of(rows, "removed row")}, "
                    + $"which no search returns: 'laion-stream index --compact {folder}' builds {them} again.");
                continue;
            }

            shown.Phase = $"index of {folder}";
            long planned = 0;
            long done = 0;
            var builder = new IndexBuilder(folder, options)
            {
                Planned = more => planned += more,
                Added = more => shown.Set(Interlocked.Add(ref done, more), planned)
            };
            try
            {
                await Task.Run(() => { foreach (VectorKind kind in kinds) { builder.Build(kind, compacts: true, host.Signals.Stop); } });
            }
            catch (IndexBusyException e)
            {
                shown.Warn($"{e.Message} The vectors of removed rows are still in it: run 'laion-stream index --compact {folder}' later.");
                return false;
            }

            shown.Say(string.Create(CultureInfo.InvariantCulture, $"index without the vectors of {Of(rows, "removed row")}: {folder}"));
        }

        return true;
    }

    private static void Say(DerivedReport report, bool isTrial, LiveProgress shown)
    {
        switch (report.State)
        {
            case DerivedState.Done:
                shown.Say(string.Create(CultureInfo.InvariantCulture, $"{Of(report.Rows, "row")} {(isTrial ? "to remove" : "removed")}: {report.Path}"));
                break;
            case DerivedState.Away:
                shown.Warn($"'{report.Path}' was made of it, and is not there. If it was moved, name it where it is now: rows may still be in it.");
                break;
            default:
                shown.Warn($"{report.Path}: rows may still be in it: {report.Reason?.TrimEnd('.')}.");
                break;
        }
    }

    /// <summary>A count with what is counted.</summary>
    internal static string Of(long count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");

    private static Option<string[]> ListOption(string name, string what) => new(name) { Description = what, HelpName = "FILE" };

    private static async Task<RemovalList> ReadAsync((string Kind, string[] Files)[] given)
    {
        var list = new RemovalList();
        var errors = new List<string>();
        foreach ((string kind, string file) in given.SelectMany(kind => kind.Files.Select(file => (kind.Kind, file))))
        {
            try
            {
                list.Add(kind, Path.GetFileName(file), await File.ReadAllBytesAsync(file));
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                errors.Add($"remove --{kind}: {e.Message}");
            }
        }

        return errors.Count == 0 ? list : throw new UsageException(errors);
    }
}
