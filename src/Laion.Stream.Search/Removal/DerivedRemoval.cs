using LaionStream.Dataset.Removal;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Removal;

/// <summary>
/// Removes rows from what <c>subset</c> and <c>merge</c> made of outputs, and of what was made of that in turn. What fails, or is gone, is reported and stops
/// nothing else; doing it again removes nothing more, and after a crash it ends what was begun.
/// </summary>
/// <param name="list">Which rows.</param>
/// <param name="removed">What was removed from the outputs, now and earlier.</param>
/// <param name="clock">For the time of records.</param>
public sealed class DerivedRemoval(RemovalList list, RemovedSet removed, TimeProvider clock)
{
    /// <summary>Called with each path as its turn comes.</summary>
    public Action<string> Begun { get; init; } = _ => { };

    /// <summary>For tests: called before each step that changes the disk, with its name.</summary>
    internal Action<string> Step { get; init; } = _ => { };

    /// <summary>Removes.</summary>
    /// <param name="outputs">Outputs whose lists name what was made of them.</param>
    /// <param name="others">Subsets and merged outputs besides, named by the operator.</param>
    /// <param name="isTrial">Whether rows are only counted.</param>
    /// <param name="abort">Ends it after the part at hand.</param>
    public IReadOnlyList<DerivedReport> Run(IEnumerable<string> outputs, IEnumerable<string> others, bool isTrial, CancellationToken abort)
    {
        var reports = new List<DerivedReport>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var queue = new Queue<string>();
        foreach (string output in outputs)
        {
            seen.Add(Whole(output));
            Follow(output, queue, reports);
        }

        foreach (string other in others) { queue.Enqueue(other); }
        while (queue.TryDequeue(out string? path))
        {
            if (!seen.Add(Whole(path))) { continue; }

            abort.ThrowIfCancellationRequested();
            Begun(path);
            Follow(path, queue, reports);
            reports.Add(RunOne(Whole(path), isTrial, more => Follow(more, queue, reports), abort));
        }

        return reports;
    }

    /// <param name="path">The subset or merged output.</param>
    /// <param name="isTrial">Whether rows are only counted.</param>
    /// <param name="follow">Called with what also may list what was made of it: the folder of each input, the file that a link points to.</param>
    /// <param name="abort">Ends it early.</param>
    private DerivedReport RunOne(string path, bool isTrial, Action<string> follow, CancellationToken abort)
    {
        try
        {
            string[] roots = Directory.Exists(path) ? FolderRemoval.RootsOf(path) : [];
            foreach (string root in roots.Where(root => root != path)) { follow(root); }
            if (File.Exists(path) && FileRemoval.TargetOf(path) is var target && target != path) { follow(target); }
            if (!Path.Exists(path)) { return new DerivedReport(path, DerivedState.Away, 0); }
            if (File.Exists(Path.Combine(path, "state", "run.json")))
            {
                return Failed("it is the output of a run now: name it, and rows are removed from it as from the first");
            }

            var judge = new RowJudge(list, removed);
            long rows = Directory.Exists(path)
                ? new FolderRemoval(judge, clock, Step).Run(path, isTrial, abort)
                : new FileRemoval(judge, clock, Step).Run(path, isTrial, abort);
            return new DerivedReport(path, DerivedState.Done, rows) { Roots = roots };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or RequestException)
        {
            return Failed(e.Message);
        }

        DerivedReport Failed(string reason) => new(path, DerivedState.Failed, 0, reason);
    }

    /// <summary>Adds what was made of a thing, also of one that is gone.</summary>
    private static void Follow(string path, Queue<string> queue, List<DerivedReport> reports)
    {
        try
        {
            foreach (string made in DerivedRegister.Of(Whole(path))) { queue.Enqueue(made); }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reports.Add(new DerivedReport(path, DerivedState.Failed, 0, $"what was made of it cannot be read: {e.Message}"));
        }
    }

    private static string Whole(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
