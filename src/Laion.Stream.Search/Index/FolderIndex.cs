using LaionStream.Search.Native;
using LaionStream.Search.Vectors;

namespace LaionStream.Search.Index;

/// <summary>The vectors of one folder, and the segments over them.</summary>
internal sealed class FolderIndex : IDisposable
{
    private const int Attempts = 5;

    private FolderIndex(string folder, VectorKind kind, IndexManifest manifest, VectorBlock[] blocks, bool usesSegments)
    {
        (Folder, Kind, Manifest, Blocks) = (folder, kind, manifest, blocks);
        var removed = new RemovedRows(manifest.Removals);
        Dictionary<string, VectorBlock> byIdentity = blocks.ToDictionary(block => KeyMap.IdentityOf(block.Part), StringComparer.Ordinal);
        Keys = [.. manifest.Segments.Where(segment => segment.Kind == kind && usesSegments).Select(segment => (segment, KeyMap.Of(segment.Slices, byIdentity, removed)))];
        var covered = new Dictionary<VectorBlock, List<RowRange>>(ReferenceEqualityComparer.Instance);
        foreach (RowRange range in Keys.SelectMany(pair => pair.Keys.Ranges))
        {
            if (!covered.TryGetValue(range.Block, out List<RowRange>? ranges)) { covered.Add(range.Block, ranges = []); }
            ranges.Add(range);
        }

        Uncovered = [.. blocks.Where(block => block.Vectors is not null).SelectMany(block => Gaps(block, covered.GetValueOrDefault(block) ?? []))
            .Where(gap => gap.Block.Dead is not { } dead || dead.CountIn(gap.From, gap.To) < gap.Rows)];
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Which vectors.</summary>
    public VectorKind Kind { get; }

    /// <summary>What the index's manifest says.</summary>
    public IndexManifest Manifest { get; }

    /// <summary>The parts, in the order of their row numbers.</summary>
    public VectorBlock[] Blocks { get; }

    /// <summary>The segments in force, with the rows that each has now.</summary>
    public IReadOnlyList<(SegmentEntry Entry, KeyMap Keys)> Keys { get; }

    /// <summary>Rows with vectors that no segment has.</summary>
    public IReadOnlyList<RowRange> Uncovered { get; }

    /// <summary>Rows with vectors that may be found.</summary>
    public long Rows => Blocks.Where(block => block.Vectors is not null).Sum(block => block.Part.Rows - (block.Dead?.CountIn(0, block.Part.Rows) ?? 0));

    /// <summary>Numbers of a vector; 0 when there is none.</summary>
    public int Dimensions => Array.Find(Blocks, block => block.Vectors is not null)?.Vectors!.Shape.Width ?? 0;

    /// <summary>Opens the vectors of a folder and reads its index's manifest; opens no segment.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="kind">Which vectors.</param>
    /// <param name="firstRow">The number of its first row.</param>
    /// <param name="usesSegments">Whether segments count; otherwise every row is without one.</param>
    /// <exception cref="InvalidDataException">Vectors or the manifest are damaged, or vectors differ in their dimensions; the message names the file.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static FolderIndex Open(string folder, VectorKind kind, long firstRow, bool usesSegments = true)
    {
        var blocks = new List<VectorBlock>();
        try
        {
            // The index first: it never knows a part that the output does not, but for those that were removed since.
            IndexManifest manifest = new IndexFolder(folder).Read();
            var removed = new RemovedRows(manifest.Removals);
            MappedVectors? first = null;
            foreach ((VectorPart part, MappedVectors? vectors) in FolderVectors.Open(folder, kind, firstRow))
            {
                blocks.Add(new VectorBlock(part, vectors) { Dead = part.Output is null ? null : removed.DeadOf(part.Commit) });
                CheckWidth(first ??= vectors, vectors);
            }

            return new FolderIndex(folder, kind, manifest, [.. blocks], usesSegments);
        }
        catch
        {
            foreach (VectorBlock block in blocks) { block.Vectors?.Dispose(); }
            throw;
        }
    }

    /// <summary>Opens a folder's vectors and segments, as they are at one moment, also while another process replaces segments.</summary>
    /// <inheritdoc cref="Open"/>
    /// <param name="folder">The folder.</param>
    /// <param name="kind">Which vectors.</param>
    /// <param name="firstRow">The number of its first row.</param>
    /// <param name="threads">The most threads that search a segment at the same time.</param>
    public static (FolderIndex Folder, Segment[] Segments) OpenAll(string folder, VectorKind kind, long firstRow, int threads)
    {
        for (int attempt = 1; ; attempt++)
        {
            FolderIndex index = Open(folder, kind, firstRow, Graph.Lack is null);
            try
            {
                return (index, index.OpenSegments(threads));
            }
            catch (FileNotFoundException e)
            {
                index.Dispose();
                if (attempt < Attempts && new IndexFolder(folder).Read().End != index.Manifest.End) { continue; } // replaced between the two

                throw new InvalidDataException($"'{e.FileName}' is not there, but the index lists it. 'laion-stream index' builds it again.", e);
            }
            catch
            {
                index.Dispose();
                throw;
            }
        }
    }

    /// <summary>Refuses vectors of different models.</summary>
    /// <exception cref="InvalidDataException">The dimensions differ.</exception>
    public static void CheckWidth(MappedVectors? first, MappedVectors? vectors)
    {
        if (first is null || vectors is null || first.Shape.Width == vectors.Shape.Width) { return; }

        throw new InvalidDataException(
            $"'{vectors.Path}' has vectors of {vectors.Shape.Width} numbers, '{first.Path}' of {first.Shape.Width}: vectors of different models cannot be searched together.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (VectorBlock block in Blocks) { block.Vectors?.Dispose(); }
    }

    private static IEnumerable<RowRange> Gaps(VectorBlock block, List<RowRange> covered)
    {
        int at = 0;
        foreach (RowRange range in covered.OrderBy(range => range.From))
        {
            if (range.From > at) { yield return new RowRange(block, at, range.From); }
            at = Math.Max(at, range.To);
        }

        if (at < block.Part.Rows) { yield return new RowRange(block, at, block.Part.Rows); }
    }

    private Segment[] OpenSegments(int threads)
    {
        var folder = new IndexFolder(Folder);
        (SegmentEntry Entry, KeyMap Keys)[] used = [.. Keys.Where(pair => pair.Keys.Alive > 0)];
        var opened = new Segment?[used.Length];
        try
        {
            Parallel.For(0, used.Length, i => opened[i] = Segment.Open(folder.In(used[i].Entry.File), used[i].Entry, used[i].Keys, threads));
            if (Array.Find(opened, segment => segment!.Entry.Dimensions != Dimensions) is { } other)
            {
                throw new InvalidDataException(
                    $"'{folder.In(other.Entry.File)}' has vectors of {other.Entry.Dimensions} numbers, the folder's have {Dimensions}. 'laion-stream index' builds it again.");
            }

            return opened!;
        }
        catch (Exception e)
        {
            foreach (Segment? segment in opened) { segment?.Graph.Dispose(); }
            if (e is AggregateException { InnerException: { } cause }) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause); }
            throw;
        }
    }
}
