using LaionStream.Search.Index;

namespace LaionStream.Explorer.Data;

/// <summary>The vectors of an output in its <see cref="VectorIndex"/>, which is opened again as the output grows.</summary>
internal sealed class IndexedVectors : IVectors, IDisposable
{
    private readonly string _folder;
    private readonly VectorKind _kind;
    private VectorIndex? _index;

    /// <summary>Prepares the vectors; <see cref="Open"/> opens them.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="kind">Which vectors.</param>
    public IndexedVectors(string folder, VectorKind kind) => (_folder, _kind) = (folder, kind);

    /// <inheritdoc/>
    public string Name => _kind == VectorKind.Image ? "image" : "text";

    /// <inheritdoc/>
    public int Dimensions => _index?.Dimensions ?? 0;

    /// <inheritdoc/>
    public long Count => _index?.Count ?? 0;

    /// <summary>What makes searches slower than they could be; null for nothing.</summary>
    public string? Warning => _index?.Warning;

    /// <summary>
    /// Opens what is there now, if it is something else than before: parts, or an index over them. Searches on their way end with what they began with.
    /// </summary>
    /// <exception cref="InvalidDataException">A file of vectors is broken.</exception>
    public void Open()
    {
        VectorIndex? before = _index;
        if (before is not null && !before.HasChanged()) { return; }
        _index = VectorIndex.Open(_folder, _kind);
        before?.Dispose();
    }

    /// <inheritdoc/>
    public IReadOnlyList<VectorHit> Search(ReadOnlyMemory<float> query, int count, RowMask? mask, CancellationToken abort) =>
        Array.ConvertAll(Use(index => index.Search(query.Span, count, mask?.Rows, abort)), hit => new VectorHit(hit.Row, hit.Score));

    /// <inheritdoc/>
    public bool TryRead(long row, Span<float> vector)
    {
        float[]? stored = Use(index => row >= 0 && row < index.RowLimit ? index.Vector(row) : null);
        if (stored is null || stored.Length != vector.Length) { return false; }
        stored.CopyTo(vector);
        return vector.ContainsAnyExcept(0f); // a row without a caption has zeros
    }

    /// <inheritdoc/>
    public void Dispose() => _index?.Dispose();

    // The index that was read may be closed before it is used: then there is another one already.
    private T Use<T>(Func<VectorIndex, T> use)
    {
        while (true)
        {
            VectorIndex index = _index ?? throw new ObjectDisposedException(nameof(IndexedVectors));
            try
            {
                return use(index);
            }
            catch (ObjectDisposedException) when (!ReferenceEquals(index, _index))
            {
                continue;
            }
        }
    }
}
