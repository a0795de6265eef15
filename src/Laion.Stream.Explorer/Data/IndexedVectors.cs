using System.Numerics.Tensors;
using LaionStream.Search.Index;
using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Data;

/// <summary>The vectors of a folder in its <see cref="VectorIndex"/>, which is opened again as the folder grows.</summary>
internal sealed class IndexedVectors : IDisposable
{
    private readonly string _folder;
    private readonly int _place;
    private readonly VectorKind _kind;
    private VectorIndex? _index;

    /// <summary>Prepares the vectors; <see cref="Open"/> opens them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="place">Its place among those that are served.</param>
    /// <param name="kind">Which vectors.</param>
    public IndexedVectors(string folder, int place, VectorKind kind) => (_folder, _place, _kind) = (folder, place, kind);

    /// <summary>Numbers of a vector; 0 while there is none.</summary>
    public int Dimensions => _index?.Dimensions ?? 0;

    /// <summary>How many there are.</summary>
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
        try
        {
            _index = VectorIndex.Open(_folder, _kind);
        }
        catch (NoVectorsException)
        {
            return; // another program's embeddings, of pictures alone or of captions alone
        }

        before?.Dispose();
    }

    /// <summary>Whether a row is one of the folder's.</summary>
    /// <param name="row">Its number.</param>
    public bool Has(long row) => row >= 0 && RowIds.FolderOf(row) == _place;

    /// <inheritdoc cref="IVectors.Search"/>
    public IReadOnlyList<VectorHit> Search(ReadOnlyMemory<float> query, int count, RowMask? mask, CancellationToken abort)
    {
        if (mask?.RowsOf(_place) is { Count: 0 }) { return []; }

        long first = RowIds.First(_place);
        return Array.ConvertAll(Use(index => index.Search(query.Span, count, mask?.RowsOf(_place), abort)), hit => new VectorHit(first + hit.Row, hit.Score));
    }

    /// <inheritdoc cref="IVectors.TryRead"/>
    public bool TryRead(long row, Span<float> vector)
    {
        long own = row - RowIds.First(_place);
        while (true)
        {
            VectorIndex? index = _index;
            try
            {
                return index is not null && own >= 0 && own < index.RowLimit && index.Dimensions == vector.Length && index.TryCopy(own, vector)
                    && TryScale(vector);
            }
            catch (ObjectDisposedException) when (!ReferenceEquals(index, _index))
            {
                continue; // there is another one already
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _index?.Dispose();

    /// <summary>Gives a vector the length 1, which those of other programs need not have.</summary>
    /// <returns>Whether it can: a row without a caption has zeros.</returns>
    private static bool TryScale(Span<float> vector)
    {
        float length = TensorPrimitives.Norm(vector);
        if (!(length > 0) || !float.IsFinite(length)) { return false; }

        TensorPrimitives.Divide(vector, length, vector);
        return true;
    }

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
