using LaionStream.Search.Native;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Index;

/// <summary>Builds the file of one segment.</summary>
/// <param name="kind">Which vectors.</param>
/// <param name="number">Its number.</param>
/// <param name="threads">How many threads add vectors.</param>
/// <param name="added">Called with numbers of rows as they are done, by any thread.</param>
internal sealed class SegmentBuilder(VectorKind kind, int number, int threads, Action<long> added)
{
    private const int Chunk = 512;

    /// <summary>Writes the file.</summary>
    /// <param name="work">Its rows.</param>
    /// <param name="temp">Where to.</param>
    /// <param name="abort">Ends the work.</param>
    /// <returns>The segment's line; null when none of the rows has a direction.</returns>
    /// <exception cref="InvalidDataException">A vector has numbers that are not finite, or a file is not the one that its manifest names.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public SegmentEntry? Build(IndexWork work, string temp, CancellationToken abort)
    {
        int width = work.Ranges[0].Block.Vectors!.Shape.Width;
        foreach (RowRange range in work.Ranges)
        {
            abort.ThrowIfCancellationRequested();
            SegmentSource.CheckDigest(range.Block);
        }

        try
        {
            using Graph graph = Graph.Create(width, work.Rows, threads);
            long firstKey = 0;
            foreach (RowRange range in work.Ranges)
            {
                AddRange(graph, range, firstKey, width, abort);
                firstKey += range.Rows;
            }

            return graph.Size == 0 ? null : Save(graph, work, temp);
        }
        catch (GraphException e)
        {
            throw new IOException($"The segment '{temp}' cannot be built: {e.Message}", e);
        }
    }

    private SegmentEntry Save(Graph graph, IndexWork work, string temp)
    {
        graph.Save(temp);
        if (GraphFile.Check(temp, work.Rows) != (graph.Size, graph.Dimensions)) { throw new IOException($"'{temp}' was not written whole."); }

        (long bytes, string sha256) = FileDigest.Of(temp);
        return new SegmentEntry(
            number, kind, SegmentEntry.NameOf(kind, number), bytes, sha256, graph.Size, graph.Dimensions, TimeProvider.System.GetUtcNow(),
            [.. work.Ranges.Select(SegmentSource.SliceOf)])
        {
            Replaces = work.Replaces.Count > 0 ? work.Replaces : null,
            Removed = work.Ranges.Sum(range => range.Block.Dead?.CountIn(range.From, range.To) ?? 0),
        };
    }

    private void AddRange(Graph graph, RowRange range, long firstKey, int width, CancellationToken abort)
    {
        int chunks = (range.Rows + Chunk - 1) / Chunk;
        try
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = abort }, () => (new float[width], new sbyte[width]), (chunk, _, buffers) =>
            {
                int from = range.From + (chunk * Chunk);
                int to = Math.Min(range.To, from + Chunk);
                for (int position = from; position < to; position++)
                {
                    if (range.Block.Has(position)) { Add(graph, range.Block, position, (ulong)(firstKey + position - range.From), buffers); }
                }

                added(to - from);
                return buffers;
            }, static _ => { });
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void Add(Graph graph, VectorBlock block, int position, ulong key, (float[] Row, sbyte[] Numbers) buffers)
    {
        block.Vectors!.Copy(position, buffers.Row);
        if (Int8.TryQuantise(buffers.Row, buffers.Numbers))
        {
            graph.Add(key, buffers.Numbers);
            return;
        }

        if (buffers.Row.AsSpan().ContainsAnyExcept(0f))
        {
            throw new InvalidDataException($"'{block.Vectors.Path}' has numbers that are not finite in row {position}.");
        }
    }
}
