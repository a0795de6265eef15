using System.Numerics.Tensors;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;

namespace LaionStream.Explorer.Data;

/// <summary>Compares a query with every vector of an output's NumPy files: exact, for outputs without an index. Files are mapped, not loaded.</summary>
internal sealed class ExactVectors : IVectors, IDisposable
{
    private readonly string _role;
    private readonly Lock _lock = new();
    private Dictionary<long, MappedVectors> _open = [];
    private (long First, MappedVectors File)[] _files = [];

    /// <summary>Opens the vectors of an output.</summary>
    /// <param name="name">The name of the index.</param>
    /// <param name="role">Their role in the manifest.</param>
    public ExactVectors(string name, string role) => (Name, _role) = (name, role);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Dimensions => _files is [var first, ..] ? first.File.Width : 0;

    /// <inheritdoc/>
    public long Count => _files.Sum(file => (long)file.File.Rows);

    /// <summary>Opens the files of parts that were committed since.</summary>
    /// <param name="parts">The output's parts, in order.</param>
    public void Refresh(IReadOnlyList<OutputPart> parts)
    {
        lock (_lock)
        {
            var files = new List<(long, MappedVectors)>();
            var open = new Dictionary<long, MappedVectors>();
            long first = 0;
            foreach (OutputPart part in parts)
            {
                MappedVectors? file = _open.GetValueOrDefault(part.Entry.Commit) ?? (part.PathOf(_role) is { } path ? MappedVectors.Open(path) : null);
                if (file is not null)
                {
                    open[part.Entry.Commit] = file;
                    files.Add((first, file));
                }

                first += part.Entry.Rows;
            }

            (_open, _files) = (open, [.. files]);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<VectorHit> Search(ReadOnlyMemory<float> query, int count, RowMask? mask, CancellationToken abort)
    {
        var best = new PriorityQueue<long, (float, long)>();
        Span<float> vector = new float[query.Length];
        foreach ((long first, MappedVectors file) in _files)
        {
            if (file.Width != query.Length) { continue; }
            for (int row = 0; row < file.Rows; row++)
            {
                if ((row & 0xFFF) == 0) { abort.ThrowIfCancellationRequested(); }
                if (mask is not null && !mask.Contains(first + row)) { continue; }

                file.Read(row, vector);
                float cosine = TensorPrimitives.Dot<float>(vector, query.Span);
                if (best.Count < count) { best.Enqueue(first + row, (cosine, -(first + row))); }
                else { best.EnqueueDequeue(first + row, (cosine, -(first + row))); }
            }
        }

        var hits = new VectorHit[best.Count];
        for (int i = hits.Length - 1; best.TryDequeue(out long row, out (float Cosine, long) order); i--) { hits[i] = new VectorHit(row, order.Cosine); }
        return hits;
    }

    /// <inheritdoc/>
    public bool TryRead(long row, Span<float> vector)
    {
        foreach ((long first, MappedVectors file) in _files)
        {
            if (row < first || row >= first + file.Rows || file.Width != vector.Length) { continue; }
            file.Read((int)(row - first), vector);
            return vector.ContainsAnyExcept(0f); // a row without a caption has zeros
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MappedVectors file in _open.Values) { file.Dispose(); }
        (_open, _files) = ([], []);
    }
}
