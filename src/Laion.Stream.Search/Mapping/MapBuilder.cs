using LaionStream.Search.Index;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Mapping;

/// <summary>Makes the map of a folder's vectors: <c>index/image-00001.map</c> and its line in the index's manifest.</summary>
/// <param name="folder">An output, or a folder of embeddings.</param>
/// <param name="options">Rows, seed and threads.</param>
public sealed class MapBuilder(string folder, IndexOptions options)
{
    private readonly IndexFolder _index = new(folder);

    /// <summary>Called with thousandths of the work as they are done.</summary>
    public Action<int> Done { get; init; } = _ => { };

    /// <summary>For tests: called before each step that changes the folder, with its name.</summary>
    internal Action<string> Step { get; init; } = _ => { };

    /// <summary>Makes a map of the rows that there are now, unless the one that is there is of the same rows.</summary>
    /// <param name="kind">Which vectors.</param>
    /// <param name="abort">Ends the work; the map that was there stays.</param>
    /// <returns>Null when no row has a vector yet.</returns>
    /// <exception cref="IndexBusyException">Another process makes one.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public MapReport? Build(VectorKind kind, CancellationToken abort)
    {
        using IDisposable only = _index.LockMaps();
        _index.DeleteOtherMaps();
        using FolderIndex state = FolderIndex.Open(folder, kind, 0, usesSegments: false);
        ((int Block, int Position)[] rows, long from) = MapSample.Draw(state.Blocks, options.MapRows, options.MapSeed, abort);
        if (rows.Length == 0) { return null; }

        (SegmentSlice[] slices, long[] keys) = Keys(state.Blocks, rows);
        MapEntry? before = state.Manifest.Maps.GetValueOrDefault(kind);
        if (before is not null && IsOf(before, slices, keys)) { return new MapReport(kind, before.Points, before.Vectors, false); }

        float[] places = MapProjection.Run(
            rows.Length, state.Dimensions, (at, to) => Read(state.Blocks[rows[at].Block], rows[at].Position, to), options.MapSeed,
            new MapWork(options.BuildThreads, Done, abort));
        Publish(kind, (before?.Number ?? 0) + 1, new MapFile(keys, places).ToBytes(), rows.Length, from, slices);
        return new MapReport(kind, rows.Length, from, true);
    }

    private static (SegmentSlice[] Slices, long[] Keys) Keys(VectorBlock[] blocks, (int Block, int Position)[] rows)
    {
        var slices = new List<SegmentSlice>();
        var keys = new long[rows.Length];
        (int last, long first, long next) = (-1, 0, 0);
        for (int at = 0; at < rows.Length; at++)
        {
            if (rows[at].Block != last)
            {
                VectorBlock block = blocks[last = rows[at].Block];
                slices.Add(SegmentSource.SliceOf(new RowRange(block, 0, block.Part.Rows)));
                (first, next) = (next, next + block.Part.Rows);
            }

            keys[at] = first + rows[at].Position;
        }

        return ([.. slices], keys);
    }

    private static void Read(VectorBlock block, int position, Span<float> to)
    {
        block.Vectors!.Copy(position, to);
        double sum = 0;
        foreach (float number in to) { sum += (double)number * number; }
        float scale = (float)(1 / Math.Sqrt(sum));
        for (int i = 0; i < to.Length; i++) { to[i] *= scale; }
    }

    private bool IsOf(MapEntry before, SegmentSlice[] slices, long[] keys)
    {
        if (before.Seed != options.MapSeed || before.Points != keys.Length || !before.Slices.SequenceEqual(slices)) { return false; }
        try
        {
            return VectorMap.ReadFile(_index, before).Keys.AsSpan().SequenceEqual(keys);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            return false; // it is made again
        }
    }

    private void Publish(VectorKind kind, int number, byte[] bytes, int points, long from, SegmentSlice[] slices)
    {
        string name = MapEntry.NameOf(kind, number);
        Step("write");
        AtomicFile.Write(_index.In(name), bytes);
        (long size, string sha256) = FileDigest.Of(_index.In(name));
        Step("append");
        _index.Append(new IndexLine { Map = new MapEntry(number, kind, name, size, sha256, points, from, options.MapSeed, DateTimeOffset.UtcNow, slices) });
        Step("delete");
        _index.DeleteOtherMaps();
        Step("done");
    }
}
