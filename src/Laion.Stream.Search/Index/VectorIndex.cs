using LaionStream.Search.Native;
using LaionStream.Search.Outputs;
using LaionStream.Search.Vectors;

namespace LaionStream.Search.Index;

/// <summary>
/// The vectors of the rows of one or several folders, for nearest-neighbour search. It shows the folders as they were when it was opened, also while a run
/// goes on writing them, and needs no index to have been built: rows that no index covers are compared one by one.
/// </summary>
/// <remarks>
/// <para><b>Row numbers.</b> The rows of an output are numbered from 0 in the order of its manifest, part by part, whether or not a part has vectors or is still
/// there; a part that was replaced keeps its numbers to itself, and what is left of it has new ones, so that no number ever means another row. Folders are numbered one behind the other in the order given. A folder of embeddings by clip-retrieval or autofaiss is numbered in the order of its
/// sorted file names. <see cref="PlaceOf"/> and <see cref="RowOf"/> translate. A number is below 2^53.</para>
/// <para><b>Threads.</b> Every member may be called by any number of threads; <see cref="Dispose"/> waits for none of them: the files are unmapped when the last
/// call has ended, and a later call throws <see cref="ObjectDisposedException"/>.</para>
/// <para><b>Memory.</b> The vectors are mapped, not read: they occupy the page cache only.</para>
/// </remarks>
public sealed class VectorIndex : IDisposable
{
    private const int ScanRows = 1 << 15; // rows that a thread compares at a time

    private readonly FolderIndex[] _folders;
    private readonly Segment[] _segments;
    private readonly VectorBlock[] _blocks;
    private readonly RowRange[] _uncovered;
    private readonly long[] _firstRows;
    private readonly (long, DateTime)[] _stamps;
    private readonly SemaphoreSlim _gate;
    private readonly UseCount _uses;

    private VectorIndex(VectorKind kind, FolderIndex[] folders, Segment[] segments, (long, DateTime)[] stamps, int slots)
    {
        _stamps = stamps;
        Kind = kind;
        (_folders, _segments, _gate) = (folders, segments, new SemaphoreSlim(slots));
        _blocks = [.. folders.SelectMany(folder => folder.Blocks)];
        _uncovered = [.. folders.SelectMany(folder => folder.Uncovered).SelectMany(InPieces)];
        _firstRows = Array.ConvertAll(_blocks, block => block.Part.FirstRow);
        Parts = Array.ConvertAll(_blocks, block => block.Part);
        RowLimit = _blocks.Length == 0 ? 0 : _blocks[^1].End;
        Count = folders.Sum(folder => folder.Rows);
        IndexedCount = segments.Sum(segment => segment.Keys.Alive);
        Warning = folders.Any(folder => folder.Manifest.Segments.Any(segment => segment.Kind == kind)) ? Graph.Lack : null;
        Dimensions = Array.Find(folders, folder => folder.Dimensions > 0)?.Dimensions ?? 0;
        _uses = new UseCount(Close);
    }

    /// <summary>Which vectors these are.</summary>
    public VectorKind Kind { get; }

    /// <summary>Numbers of a vector: 512 for ViT-B/32. 0 when no row has a vector yet.</summary>
    public int Dimensions { get; }

    /// <summary>Rows that have a vector here.</summary>
    public long Count { get; }

    /// <summary>Rows among them that an index covers. The others are compared one by one: about 0.07 ms a thousand.</summary>
    public long IndexedCount { get; }

    /// <summary>Why rows that an index covers are compared one by one all the same: its native library cannot be loaded here.</summary>
    /// <value>Null when it can, or when no index is there.</value>
    public string? Warning { get; }

    /// <summary>Row numbers are from 0 to this, exclusive. More than <see cref="Count"/> where parts have no vectors.</summary>
    public long RowLimit { get; }

    /// <summary>The parts, in the order of their row numbers.</summary>
    public IReadOnlyList<VectorPart> Parts { get; }

    /// <summary>Opens one folder.</summary>
    /// <inheritdoc cref="Open(IReadOnlyList{string}, VectorKind)"/>
    /// <param name="folder">An output of this program, or a folder of embeddings by clip-retrieval or autofaiss.</param>
    /// <param name="kind">Which vectors.</param>
    public static VectorIndex Open(string folder, VectorKind kind = VectorKind.Image) => Open([folder], kind);

    /// <summary>Opens folders.</summary>
    /// <param name="folders">Outputs of this program, or folders of embeddings by clip-retrieval or autofaiss, in the order that row numbers are to have.</param>
    /// <param name="kind">Which vectors.</param>
    /// <exception cref="InvalidDataException">A folder has no such vectors, a file of vectors is broken, or vectors differ in their dimensions; the message names the file.</exception>
    /// <exception cref="NoVectorsException">A folder has no vectors of this kind; of an output that has rows without, or none yet, <see cref="Count"/> is 0 instead.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static VectorIndex Open(IReadOnlyList<string> folders, VectorKind kind = VectorKind.Image)
    {
        (long, DateTime)[] stamps = StampsOf(folders); // before anything is read: what changes meanwhile shows as a change
        int slots = Math.Max(16, 2 * Environment.ProcessorCount); // the library fails searches beyond: the gate makes them wait
        var opened = new List<FolderIndex>();
        var segments = new List<Segment>();
        try
        {
            foreach (string folder in folders)
            {
                (FolderIndex index, Segment[] of) = FolderIndex.OpenAll(folder, kind, opened.Count == 0 ? 0 : EndOf(opened), slots);
                opened.Add(index);
                segments.AddRange(of);
                FolderIndex.CheckWidth(FirstVectors(opened), FirstVectors([index]));
            }

            return new VectorIndex(kind, [.. opened], [.. segments], stamps, slots);
        }
        catch
        {
            foreach (Segment segment in segments) { segment.Graph.Dispose(); }
            foreach (FolderIndex index in opened) { index.Dispose(); }
            throw;
        }
    }

    /// <summary>Whether a folder has changed since it was opened: parts were committed, rows removed or segments built. Opening again shows them.</summary>
    /// <remarks>Looks at lengths and times: of two files of an output, of every file of vectors of another program's.</remarks>
    public bool HasChanged() => !_stamps.AsSpan().SequenceEqual(StampsOf(_folders.Select(folder => folder.Folder)));

    /// <summary>Finds the rows whose vectors are nearest to a query.</summary>
    /// <param name="query">A vector of <see cref="Dimensions"/> numbers; its length does not matter.</param>
    /// <param name="k">How many rows at most.</param>
    /// <param name="within">Only these rows; null for all.</param>
    /// <param name="abort">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The best first; of equal scores the lower row number first. Fewer than <paramref name="k"/> only when there are no more.</returns>
    /// <exception cref="ArgumentException">The query has other dimensions, is zero, or has numbers that are not finite.</exception>
    public Hit[] Search(ReadOnlySpan<float> query, int k, RowSet? within = null, CancellationToken abort = default)
    {
        using UseCount.Use use = _uses.Enter();
        SearchQuery prepared = Prepare(query);
        if (k <= 0) { return []; }

        var best = new NearestRows(k);
        int works = _segments.Length + _uncovered.Length;
        if (works == 1)
        {
            SearchOne(0, prepared, k, within, best, abort);
            return best.Sorted();
        }

        Parallel.For(0, works, new ParallelOptions { CancellationToken = abort }, () => new NearestRows(k), (work, _, own) =>
        {
            SearchOne(work, prepared, k, within, own, abort);
            return own;
        }, own =>
        {
            lock (best) { best.AddAll(own); }
        });
        return best.Sorted();
    }

    /// <summary>Every row at least as similar to a query as asked, found by comparing all rows.</summary>
    /// <param name="query">As for <see cref="Search"/>.</param>
    /// <param name="least">The lowest score that is returned.</param>
    /// <param name="within">Only these rows; null for all.</param>
    /// <param name="abort">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>In the order of row numbers, as they are found: any number in bounded memory.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Search"/>; thrown by the call, not by the enumeration.</exception>
    public IEnumerable<Hit> AtLeast(ReadOnlySpan<float> query, float least, RowSet? within = null, CancellationToken abort = default) =>
        AtLeast(Prepare(query).Unit, least, within, abort);

    /// <summary>The score of one row, as a search would give it.</summary>
    /// <param name="query">As for <see cref="Search"/>.</param>
    /// <param name="row">A row number.</param>
    /// <returns>NaN when the row has no vector, or one of zeros, or was removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public float Score(ReadOnlySpan<float> query, long row)
    {
        using UseCount.Use use = _uses.Enter();
        VectorBlock? block = BlockOf(row);
        float[] unit = Prepare(query).Unit;
        return block?.Has(row - block.Part.FirstRow) == true ? new CosineScorer(unit).Score(block.Vectors!, row - block.Part.FirstRow) : float.NaN;
    }

    /// <summary>The vector of a row, as it is stored.</summary>
    /// <param name="row">A row number.</param>
    /// <returns><see cref="Dimensions"/> numbers; null when the row has none here, or was removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public float[]? Vector(long row)
    {
        float[] vector = new float[Dimensions];
        return TryCopy(row, vector) ? vector : null;
    }

    /// <summary>Copies the vector of a row, as it is stored.</summary>
    /// <param name="row">A row number.</param>
    /// <param name="to">Receives <see cref="Dimensions"/> numbers.</param>
    /// <returns>False when the row has none here, or was removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public bool TryCopy(long row, Span<float> to)
    {
        using UseCount.Use use = _uses.Enter();
        VectorBlock? block = BlockOf(row);
        if (block?.Has(row - block.Part.FirstRow) != true) { return false; }

        block.Vectors!.Copy(row - block.Part.FirstRow, to);
        return true;
    }

    /// <summary>Where a row is stored.</summary>
    /// <param name="row">A row number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public RowPlace PlaceOf(long row)
    {
        VectorPart part = BlockOf(row)?.Part ?? throw new ArgumentOutOfRangeException(nameof(row), row, "The row was removed.");
        return new RowPlace(part, (int)(row - part.FirstRow));
    }

    /// <summary>The row number of a position in a part.</summary>
    /// <param name="folder">A folder, as it was given to <see cref="Open(IReadOnlyList{string}, VectorKind)"/>.</param>
    /// <param name="commit">The part's commit (<see cref="VectorPart.Commit"/>).</param>
    /// <param name="position">Position in the part, from 0.</param>
    /// <returns>−1 when there is no such row.</returns>
    public long RowOf(string folder, long commit, int position) =>
        Parts.FirstOrDefault(part => part.Commit == commit && part.Folder == folder) is { } part && position >= 0 && position < part.Rows ? part.FirstRow + position : -1;

    /// <inheritdoc/>
    public void Dispose() => _uses.Close();

    private static MappedVectors? FirstVectors(IEnumerable<FolderIndex> folders) =>
        folders.SelectMany(folder => folder.Blocks).FirstOrDefault(block => block.Vectors is not null)?.Vectors;

    private static long EndOf(List<FolderIndex> folders) => folders.SelectMany(folder => folder.Blocks).LastOrDefault()?.End ?? 0;

    private static IEnumerable<RowRange> InPieces(RowRange range)
    {
        for (int from = range.From; from < range.To; from += ScanRows) { yield return range with { From = from, To = Math.Min(range.To, from + ScanRows) }; }
    }

    private static (long, DateTime)[] StampsOf(IEnumerable<string> folders) =>
        [.. folders.SelectMany(folder => FilesOf(folder).Append(new IndexFolder(folder).Manifest)).Select(StampOf)];

    private static IEnumerable<string> FilesOf(string folder)
    {
        string manifest = Path.Combine(folder, "state", "manifest.jsonl");
        if (File.Exists(manifest)) { return [manifest]; }

        var others = EmbeddingsFolder.Find(folder);
        return others.Pictures.Concat(others.Captions);
    }

    private static (long, DateTime) StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
    }

    private void SearchOne(int work, SearchQuery query, int k, RowSet? within, NearestRows best, CancellationToken abort)
    {
        if (work >= _segments.Length)
        {
            ExactScan.Add(_uncovered[work - _segments.Length], new CosineScorer(query.Unit), within, best, abort);
            return;
        }

        _gate.Wait(abort);
        try
        {
            SegmentSearch.Add(_segments[work], query, k, within, best, abort);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Close()
    {
        foreach (Segment segment in _segments) { segment.Graph.Dispose(); }
        foreach (FolderIndex folder in _folders) { folder.Dispose(); }
        _gate.Dispose();
    }

    private IEnumerable<Hit> AtLeast(float[] unit, float least, RowSet? within, CancellationToken abort)
    {
        using UseCount.Use use = _uses.Enter();
        var scorer = new CosineScorer(unit);
        foreach (Hit hit in _blocks.SelectMany(block => ExactScan.AtLeast(block, scorer, least, within, abort))) { yield return hit; }
    }

    private SearchQuery Prepare(ReadOnlySpan<float> query)
    {
        if (query.Length != Dimensions && Dimensions != 0)
        {
            throw new ArgumentException($"The query has {query.Length} numbers, the vectors have {Dimensions}: it was made by another model.", nameof(query));
        }

        return SearchQuery.Of(query);
    }

    /// <summary>The part of a row; null for the number of one that was removed with its part.</summary>
    private VectorBlock? BlockOf(long row)
    {
        if (row < 0 || row >= RowLimit) { throw new ArgumentOutOfRangeException(nameof(row), row, $"Row numbers are from 0 to {RowLimit - 1}."); }

        int found = Array.BinarySearch(_firstRows, row);
        int at = Math.Max(0, found >= 0 ? found : ~found - 1);
        while (_blocks[at].End <= row) { at++; } // a file without vectors begins where the next one does
        return _blocks[at].Part.FirstRow <= row ? _blocks[at] : null;
    }
}
