namespace LaionStream.Search.Index;

/// <summary>Builds the index of a folder: adds segments over new parts, merges small ones, rewrites those with many removed rows.</summary>
/// <remarks>What is built stays through any end of the process; the next build goes on. Searches may run beside it.</remarks>
/// <param name="folder">An output, or a folder of embeddings.</param>
/// <param name="options">Sizes and threads.</param>
public sealed class IndexBuilder(string folder, IndexOptions options)
{
    private readonly IndexFolder _index = new(folder);

    /// <summary>Called when it is known how many rows will be added, with that number. The number may grow.</summary>
    public Action<long> Planned { get; init; } = _ => { };

    /// <summary>Called with numbers of rows as they are added, by any thread.</summary>
    public Action<long> Added { get; init; } = _ => { };

    /// <summary>For tests: called before each step that changes the folder, with its name.</summary>
    internal Action<string> Step { get; init; } = _ => { };

    /// <summary>Which vectors a folder has.</summary>
    /// <param name="folder">An output, or a folder of embeddings.</param>
    /// <exception cref="InvalidDataException">It has none, or one that is broken; the message names it.</exception>
    public static IReadOnlyList<VectorKind> KindsOf(string folder)
    {
        var kinds = new List<VectorKind>();
        Exception? none = null;
        foreach (VectorKind kind in Enum.GetValues<VectorKind>())
        {
            try
            {
                using FolderIndex index = FolderIndex.Open(folder, kind, 0);
                if (index.Dimensions > 0) { kinds.Add(kind); }
            }
            catch (NoVectorsException e)
            {
                none ??= e;
            }
        }

        return kinds.Count > 0 ? kinds : throw none ?? new NoVectorsException(
            $"'{folder}' has no vectors: Laion:Writing:Embeddings was none, there are no rows yet, or the files were moved away.");
    }

    /// <summary>Brings the index up to date with the parts that the folder has now.</summary>
    /// <param name="kind">Which vectors.</param>
    /// <param name="compacts">Whether to merge as many segments as the options allow, and to rewrite each that has removed rows.</param>
    /// <param name="abort">Ends the work; finished segments stay.</param>
    /// <exception cref="IndexBusyException">Another process builds.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public IndexReport Build(VectorKind kind, bool compacts, CancellationToken abort)
    {
        using IDisposable only = _index.Lock();
        _index.DeleteOthers();
        int built = 0;
        while (true)
        {
            abort.ThrowIfCancellationRequested();
            using FolderIndex state = FolderIndex.Open(folder, kind, 0);
            Retire(state);
            IndexWork[] works = [.. Next(state, compacts).Where(work => work.Rows > 0)];
            if (works.Length == 0)
            {
                return new IndexReport(kind, state.Rows, state.Keys.Sum(pair => pair.Keys.Alive), state.Keys.Count(pair => pair.Keys.Alive > 0), built);
            }

            Planned(works.Sum(work => work.Rows));
            int written = works.Count(work => Write(kind, work, abort));
            if (written == 0) { return new IndexReport(kind, state.Rows, state.Keys.Sum(pair => pair.Keys.Alive), state.Keys.Count, built); }

            built += written;
        }
    }

    // New rows first: they are searched one by one until then.
    private List<IndexWork> Next(FolderIndex state, bool compacts)
    {
        List<IndexWork> broken = [.. state.Keys.Where(pair => pair.Keys.Alive > 0 && IsBroken(pair.Entry)).Select(pair => new IndexWork(pair.Keys.Ranges, [pair.Entry.Number]))];
        if (broken.Count > 0) { return broken; }
        if (IndexPlan.New(state.Uncovered, options) is { Count: > 0 } added) { return added; }

        (long, long)[] sizes = [.. state.Keys.Select(pair => (pair.Keys.Alive, pair.Entry.Rows - pair.Entry.Removed))];
        if (IndexPlan.Merge(sizes, options, compacts) is not (int first, int count)) { return []; }

        (SegmentEntry Entry, KeyMap Keys)[] merged = [.. state.Keys.Skip(first).Take(count)];
        return [new IndexWork([.. merged.SelectMany(pair => pair.Keys.Ranges)], [.. merged.Select(pair => pair.Entry.Number)])];
    }

    private bool IsBroken(SegmentEntry entry)
    {
        try
        {
            Segment.Check(_index.In(entry.File), entry);
            return false;
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            return true;
        }
    }

    private void Retire(FolderIndex state)
    {
        int[] gone = [.. state.Keys.Where(pair => pair.Keys.Alive == 0).Select(pair => pair.Entry.Number)];
        if (gone.Length == 0) { return; }

        Step("retire");
        _index.Append(new IndexLine { Retired = gone });
        _index.DeleteOthers();
    }

    private bool Write(VectorKind kind, IndexWork work, CancellationToken abort)
    {
        int number = _index.Read().NextNumber;
        string name = SegmentEntry.NameOf(kind, number);
        string temp = _index.TempOf(name);
        Step("build");
        SegmentEntry? entry = Make(kind, number, work, temp, abort);
        if (entry is null) { return false; }

        Step("publish");
        _index.Publish(name);
        Step("append");
        _index.Append(new IndexLine { Segment = entry });
        Step("delete");
        _index.DeleteOthers();
        Step("done");
        return true;
    }

    private SegmentEntry? Make(VectorKind kind, int number, IndexWork work, string temp, CancellationToken abort)
    {
        try
        {
            return new SegmentBuilder(kind, number, options.BuildThreads, Added).Build(work, temp, abort);
        }
        catch
        {
            File.Delete(temp);
            throw;
        }
    }
}
